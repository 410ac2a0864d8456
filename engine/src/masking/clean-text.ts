import { LIMITS } from "../model/limits.ts";

/** Control characters except tab and line feed, characters that override the reading direction, and lone surrogates. */
// oxlint-disable-next-line no-control-regex
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Cs}]/u;
const ALL_UNWANTED: RegExp = new RegExp(UNWANTED.source, "gu");
const ELLIPSIS = " … ";

/** Removes characters that can hide or forge text on a screen or in a log; line feeds and tabs stay. */
export function stripText(text: string): string {
  return UNWANTED.test(text) ? text.replaceAll(ALL_UNWANTED, "") : text;
}

/** Keeps both ends of a text longer than `length` characters, with " … " between them. */
export function cutText(text: string, length: number = LIMITS.textLength): string {
  if (text.length <= length) return text;
  const kept = Math.max(0, length - ELLIPSIS.length);
  const tail = Math.floor(kept / 2);
  let headEnd = kept - tail;
  let tailStart = text.length - tail;
  // A pair of surrogates is never parted.
  if (isHigh(text.charCodeAt(headEnd - 1))) headEnd -= 1;
  if (isLow(text.charCodeAt(tailStart))) tailStart += 1;
  return text.slice(0, headEnd) + ELLIPSIS + text.slice(tailStart);
}

/** Text fit to keep: stripped, then cut to LIMITS.textLength. */
export function cleanText(text: string): string {
  return cutText(stripText(text));
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
