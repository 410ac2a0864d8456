import { cutText, stripText } from "../masking/clean-text.ts";
import { maskText } from "../masking/mask-text.ts";
import { LIMITS } from "../model/limits.ts";

/** What a producer is told about bad input: a stable code, a sentence that says what would be right, and the field. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** Bad input, found while reading one member or a whole body. */
export class Refusal extends Error {
  readonly code: string;
  readonly field: string | undefined;

  constructor(code: string, message: string, field?: string) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.field = field;
  }

  body(): ErrorBody {
    const { code, message, field } = this;
    return field === undefined ? { code, message } : { code, message, field };
  }
}

/** A producer's own word, fit to be repeated to it. It is not counted: what is kept of it is, with the member. */
export function shown(text: string): string {
  return cutText(maskText(stripText(text)).text, LIMITS.shownLength);
}
