import { EMAIL_MASK, type MaskSpan } from "./mask-kind.ts";

const LOCAL_LENGTH = 64;
const DOMAIN_LENGTH = 255;
const LOCAL_CHARACTER = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN_CHARACTER = /[\p{L}\p{N}.-]/u;
/** A host name with a top level of letters, as long as it can be, at the start of the text. */
const DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/u;
const TOP_LEVEL = /^\p{L}{2,}/u;
/** `4711@db01.bank.example` is how a JVM names its process, not a person. */
const PROCESS_ID = /^\d{1,7}$/;

/** E-mail addresses of a text, in order and without overlap. */
export function emailSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  let floor = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const from = localStart(text, at, floor);
    if (from === at || PROCESS_ID.test(text.slice(from, at))) continue;
    const to = at + 1 + domainLength(text, at + 1);
    if (to === at + 1) continue;
    spans.push({ from, to, kind: "email", by: EMAIL_MASK });
    floor = to;
  }
  return spans;
}

function localStart(text: string, at: number, floor: number): number {
  const lowest = Math.max(floor, at - LOCAL_LENGTH);
  let from = at;
  while (from > lowest && LOCAL_CHARACTER.test(text.charAt(from - 1))) from -= 1;
  // Signs that may stand in an address but usually separate it from what is before it.
  const separator = /[=/'`{|&?]/g;
  const local = text.slice(from, at);
  let cut = 0;
  for (const match of local.matchAll(separator)) cut = match.index + 1;
  return from + cut;
}

/** Characters of the host name at `from`; 0 when it is none with a top level. What follows the top level's letters stays. */
function domainLength(text: string, from: number): number {
  let end = from;
  const highest = Math.min(text.length, from + DOMAIN_LENGTH);
  while (end < highest && DOMAIN_CHARACTER.test(text.charAt(end))) end += 1;
  const labels = (DOMAIN.exec(text.slice(from, end))?.[0] ?? "").split(".");
  for (let label = labels.pop(); label !== undefined && labels.length > 0; label = labels.pop()) {
    const letters = TOP_LEVEL.exec(label)?.[0];
    if (letters !== undefined) return [...labels, letters].join(".").length;
  }
  return 0;
}
