import type { ReactNode } from "react";

/** Characters at the end of a long name that are always shown. */
const TAIL_LENGTH = 9;
/** A shorter name is never split. */
const LEAST_SPLIT_LENGTH = 2 * TAIL_LENGTH;

/**
 * A name in one line that gives up its middle where the place is short: `settlement_ex…ract_eod`.
 * The two halves are for the eye only; readers and searches get the whole name.
 */
export function MiddleName({ name }: { readonly name: string }): ReactNode {
  if (name.length < LEAST_SPLIT_LENGTH) {
    return (
      <span className="name" title={name}>
        <span className="name-head">{name}</span>
      </span>
    );
  }
  const at = splitBefore(name, name.length - TAIL_LENGTH);
  return (
    <span className="name" title={name} dir="auto">
      <span className="visually-hidden">{name}</span>
      <span className="name-head" aria-hidden="true">
        {name.slice(0, at)}
      </span>
      <span className="name-tail" aria-hidden="true">
        {name.slice(at)}
      </span>
    </span>
  );
}

/** The nearest place at or before `index` where no character is torn from its half, mark or joiner. */
export function splitBefore(name: string, index: number): number {
  let at = index;
  while (at > 0 && (BELONGS_TO_BEFORE.test(name.charAt(at)) || name.charAt(at - 1) === JOINER)) {
    at -= 1;
  }
  return at;
}

const JOINER = "\u200D";
const BELONGS_TO_BEFORE = /[\p{M}\uDC00-\uDFFF\u200D]/u;
