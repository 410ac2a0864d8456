/** What a name may say more of a number: `account no`, `phoneNumber`, `ssn_id`. */
const LABEL = "(?:[ _.-]?(?:number|nummer|num|nbr|nr|no|id|code))?";
/** Between a key word and its value: quotes (escaped as deep as JSON in JSON in JSON is), at most one sign or word that joins them, blanks. */
const JOIN =
  "\\.?(?:\\\\{0,7}[\"'`])?[ \\t\\u00a0]*(?:(?::=|=>|==?|:|#|>|\\bis\\b|\\bwas\\b|\\bin[ \\t]*\\()[ \\t\\u00a0]*)?(?:\\\\{0,7}[\"'`(])?";
const AFTER_KEY: RegExp = new RegExp(LABEL + JOIN, "iy");

/**
 * Where the value of a key word that ends at `keyEnd` begins; null when nothing parts the two: `acct_100200` and
 * `ssn123` are names, not values.
 */
export function valueStart(text: string, keyEnd: number): number | null {
  AFTER_KEY.lastIndex = keyEnd;
  const found = AFTER_KEY.exec(text)?.[0] ?? "";
  return /[^A-Za-z_-]/.test(found.slice(-1)) ? keyEnd + found.length : null;
}
