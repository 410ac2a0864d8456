import type { SourceDetail } from "../../trust-queries.ts";

export type MaskKind = SourceDetail["maskingExceptions"][number]["kinds"][number];

/** What a mask hides, as people say it. */
export const MASK_KIND_WORDS: Readonly<Record<MaskKind, string>> = {
  card: "card numbers",
  ssn: "social security numbers",
  iban: "IBANs",
  email: "e-mail addresses",
  phone: "phone numbers",
  account: "account numbers",
  secret: "secrets",
};

export const MASK_KINDS: readonly MaskKind[] = Object.keys(MASK_KIND_WORDS) as MaskKind[];

export function kindsWords(kinds: readonly MaskKind[]): string {
  return kinds.map((kind) => MASK_KIND_WORDS[kind]).join(", ");
}
