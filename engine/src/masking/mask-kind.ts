import type { MaskKind } from "../model/masked.ts";

/** A stretch of text, `from` inclusive and `to` exclusive, and what stands in its place. */
export interface MaskSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: MaskKind;
  readonly by: string;
}

export const SECRET_MASK = "[secret]";
export const EMAIL_MASK = "[email]";
