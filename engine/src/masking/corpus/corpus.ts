import { readFileSync } from "node:fs";
import { MASK_KINDS, type MaskKind } from "../../model/masked.ts";

/** A text, what a person marked in it, and whether the masker found just that. */
export interface CorpusCase {
  readonly text: string;
  /** What must be hidden, of which kind. */
  readonly marked: readonly { readonly kind: MaskKind; readonly value: string }[];
  /** The text around the marks: what must stay. */
  readonly around: readonly string[];
  /** Where it stands: `card.txt:12`. */
  readonly place: string;
}

const MARK = /«(\w+):([^»]*)»/g;
const POSITIVES = MASK_KINDS.map((kind) => `${kind}.txt`);
const NEGATIVES = ["look-alikes.txt", "machine-made.txt"];

/**
 * Texts that we wrote, one a line, with JSON's escapes; `«card:4111…»` marks what must be hidden. Numbers with a checksum are
 * made up and belong to nobody. `machine-made.txt` is random numbers and ids as they came, none taken out.
 */
export function readCorpus(): {
  readonly positives: CorpusCase[];
  readonly negatives: CorpusCase[];
} {
  return { positives: POSITIVES.flatMap(casesOf), negatives: NEGATIVES.flatMap(casesOf) };
}

function casesOf(file: string): CorpusCase[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line, index) => {
    const marks = Array.from(line.matchAll(MARK));
    return {
      text: unescaped(line.replaceAll(MARK, "$2")),
      marked: marks.map(([, kind = "", value = ""]) => ({
        kind: kind as MaskKind,
        value: unescaped(value),
      })),
      around: line
        .split(MARK)
        .filter((_, at) => at % 3 === 0)
        .map(unescaped),
      place: `${file}:${index + 1}`,
    };
  });
}

function unescaped(line: string): string {
  return line.replaceAll(
    /\\(?:u([0-9a-f]{4})|(.))/g,
    (_, hex: string | undefined, sign: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return { n: "\n", r: "\r", t: "\t" }[sign] ?? sign;
    },
  );
}
