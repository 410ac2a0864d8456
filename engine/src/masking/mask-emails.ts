import { classOf, DIGIT } from "./char-class.ts";
import { EMAIL_MASK, type MaskSpan } from "./mask-kind.ts";
import { eachMatch } from "./spans.ts";

/** As it is, and as addresses of pages write it. */
const AT = /@|%40/g;
const LOCAL_LENGTH = 64;
const DOMAIN_LENGTH = 255;
/** Signs that may stand in an address but usually separate it from what is before it. */
const SEPARATORS = "=/'`{|&?";
const LOCAL_SIGNS = ".!#$%&'*+/=?^_`{|}~-";
const DOMAIN_SIGNS = ".-";
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** A host name with a top level of letters, as long as it can be, at the start of the text. */
const DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/u;
const TOP_LEVEL = /^\p{L}{2,}/u;
/** `4711@db01.bank.example` is how a JVM names its process, not a person. */
const PROCESS_ID = /^\d{1,7}$/;

/** E-mail addresses of a text, in order and without overlap. */
export function emailSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  let floor = 0;
  eachMatch(AT, text, ({ 0: sign, index: at }) => {
    if (at < floor) return;
    const from = localStart(text, at, floor);
    if (from === at || PROCESS_ID.test(text.slice(from, at))) return;
    const host = at + sign.length;
    const to = host + domainLength(text, host);
    if (to === host) return;
    spans.push({ from, to, kind: "email", by: EMAIL_MASK });
    floor = to;
  });
  return spans;
}

function localStart(text: string, at: number, floor: number): number {
  const lowest = Math.max(floor, at - LOCAL_LENGTH);
  let from = at;
  while (from > lowest && isPart(text, from - 1, LOCAL_SIGNS)) from -= 1;
  for (let cut = at; cut > from; cut -= 1)
    if (SEPARATORS.includes(text.charAt(cut - 1))) return cut;
  return from;
}

/** Characters of the host name at `from`; 0 when it is none with a top level. What follows the top level's letters stays. */
function domainLength(text: string, from: number): number {
  let end = from;
  const highest = Math.min(text.length, from + DOMAIN_LENGTH);
  while (end < highest && isPart(text, end, DOMAIN_SIGNS)) end += 1;
  const labels = (DOMAIN.exec(text.slice(from, end))?.[0] ?? "").split(".");
  for (let label = labels.pop(); label !== undefined && labels.length > 0; label = labels.pop()) {
    const letters = TOP_LEVEL.exec(label)?.[0];
    if (letters !== undefined) return [...labels, letters].join(".").length;
  }
  return 0;
}

/** A letter, a digit or one of these signs. */
function isPart(text: string, at: number, signs: string): boolean {
  const kind = classOf(text.charCodeAt(at));
  if (kind > 0 && kind <= DIGIT) return true;
  const character = text.charAt(at);
  return signs.includes(character) || (character > "\u007f" && LETTER_OR_DIGIT.test(character));
}
