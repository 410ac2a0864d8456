/** Classes of UTF-16 units that the prefilter tells apart; 1 … 26 are the letters a … z of either case. */
export const DIGIT = 27;
export const BLANK = 28;
export const DASH = 29;
export const BREAK = 30;
/** Signs that are a class each, in this order. */
const SIGNS = "@:/_=+.%(#)";
const FIRST_SIGN = 31;
export const CLASSES: number = FIRST_SIGN + SIGNS.length;
const UNITS = 65_536;

/** Blanks and dashes that people and programs put into numbers; soft hyphens and blanks without width count as blanks. */
export const BLANKS = " \t\u00a0\u00ad\u2007\u2009\u200b\u202f\u2060";
const DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212";

/** The class of a letter, a sign, a blank (" "), a dash ("-"), a line break ("\n") or any digit; 0 of everything else. */
export function classOf(unit: number): number {
  return TABLE[unit] ?? 0;
}

/** Class by UTF-16 unit: a whole table, so that looking one up needs no comparison. */
export const TABLE: Uint8Array = table();

function table(): Uint8Array {
  const classes = new Uint8Array(UNITS);
  for (let letter = 1; letter <= 26; letter += 1) {
    classes[0x40 + letter] = letter;
    classes[0x60 + letter] = letter;
  }
  for (let digit = 0; digit <= 9; digit += 1) classes[0x30 + digit] = DIGIT;
  for (const blank of BLANKS) classes[blank.charCodeAt(0)] = BLANK;
  for (const dash of DASHES) classes[dash.charCodeAt(0)] = DASH;
  for (const line of "\r\n") classes[line.charCodeAt(0)] = BREAK;
  for (const [at, sign] of Array.from(SIGNS).entries())
    classes[sign.charCodeAt(0)] = FIRST_SIGN + at;
  return classes;
}
