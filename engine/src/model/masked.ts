/** What a mask hides, by kind. Counts of it are kept as evidence; what was hidden is kept nowhere. */
export const MASK_KINDS = ["card", "ssn", "iban", "email", "phone", "account", "secret"] as const;
export type MaskKind = (typeof MASK_KINDS)[number];
export type MaskCounts = Partial<Record<MaskKind, number>>;

/** What was hidden, and what an approved exception kept although it was found. */
export interface MaskTally {
  readonly hidden: MaskCounts;
  readonly kept: MaskCounts;
}

/** One line of evidence: what was hidden and kept of one kind, of one source on one day (UTC, `YYYY-MM-DD`). */
export interface MaskedDay {
  readonly sourceId: string;
  readonly day: string;
  readonly kind: MaskKind;
  readonly hidden: number;
  readonly kept: number;
}

/** Fields (parameter names as the source sends them) whose values keep these kinds, by an approved exception. */
export type MaskExceptions = ReadonlyMap<string, readonly MaskKind[]>;
