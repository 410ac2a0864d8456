const ELLIPSIS = "…";

/** A name of at most `length` characters: both ends are kept. */
export function middle(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return startOf(text, head) + ELLIPSIS + endOf(text, length - 1 - head);
}

/** A text of at most `length` characters on one line: its beginning is kept. */
export function beginning(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= length ? line : startOf(line, length - 1).trimEnd() + ELLIPSIS;
}

/** Sentences in order as far as they fit; one that does not is left out. */
export function fitting(sentences: readonly (string | null)[], length: number): string {
  return sentences.reduce<string>((text, sentence) => {
    if (sentence === null) return text;
    const longer = text === "" ? sentence : `${text} ${sentence}`;
    return longer.length <= length ? longer : text;
  }, "");
}

/** Never half of a character that takes two places. */
function startOf(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}

function endOf(text: string, length: number): string {
  const start = text.length - length;
  const code = text.charCodeAt(start);
  return text.slice(code >= 0xdc00 && code < 0xe000 ? start + 1 : start);
}
