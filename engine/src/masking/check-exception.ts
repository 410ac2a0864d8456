import { LIMITS } from "../model/limits.ts";
import { MASK_KINDS, type MaskKind } from "../model/masked.ts";
import { ChangeRefused } from "../model/settings-change.ts";
import { stripText } from "./clean-text.ts";
import { isSecretName } from "./mask-secrets.ts";
import { maskText } from "./mask-text.ts";

/** Kinds that an exception may keep. A secret is never kept: whoever reads it can use it. */
const EXCEPTABLE_KINDS: readonly MaskKind[] = MASK_KINDS.filter((kind) => kind !== "secret");

export interface MaskingException {
  /** Name of a parameter as the source sends it. */
  readonly field: string;
  /** Kinds that stay readable in its values; none takes the exception back. */
  readonly kinds: readonly MaskKind[];
}

/** The exception with its name trimmed and its kinds in order, once each. Throws {@link ChangeRefused}. */
export function checkedException(exception: {
  readonly field: string;
  readonly kinds: readonly string[];
}): MaskingException {
  const { kinds } = exception;
  const field = exception.field.trim();
  const refuse = (name: string, right: string): never => {
    throw new ChangeRefused("invalid_setting", name, right);
  };
  if (field === "" || field.length > LIMITS.maskedFieldLength) {
    refuse("field", `give a parameter's name of 1 to ${LIMITS.maskedFieldLength} characters.`);
  }
  if (stripText(field) !== field || /[\t\n]/.test(field) || maskText(field).text !== field) {
    refuse("field", "give a name on one line, without anything that is masked itself.");
  }
  if (isSecretName(field)) {
    refuse(
      "field",
      "a name that announces a secret has no exception: its values are always hidden.",
    );
  }
  const wrong = kinds.find((kind) => !EXCEPTABLE_KINDS.includes(kind as MaskKind));
  if (wrong !== undefined) {
    const right = `give kinds of ${EXCEPTABLE_KINDS.join(", ")}; secrets are always hidden.`;
    refuse("kinds", right);
  }
  return { field, kinds: EXCEPTABLE_KINDS.filter((kind) => kinds.includes(kind)) };
}
