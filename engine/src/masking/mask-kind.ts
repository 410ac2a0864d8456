/** What a mask hid. */
export type MaskKind = "card" | "email" | "secret";

export type MaskCounts = Partial<Record<MaskKind, number>>;

/** A stretch of text, `from` inclusive and `to` exclusive, and what stands in its place. */
export interface MaskSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: MaskKind;
  readonly by: string;
}

export const SECRET_MASK = "[secret]";
export const EMAIL_MASK = "[email]";
