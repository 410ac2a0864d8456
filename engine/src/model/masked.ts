/** What a mask hides, by kind. Counts of it are kept as evidence; what was hidden is kept nowhere. */
export const MASK_KINDS = ["card", "ssn", "iban", "email", "phone", "account", "secret"] as const;
export type MaskKind = (typeof MASK_KINDS)[number];
export type MaskCounts = Partial<Record<MaskKind, number>>;
