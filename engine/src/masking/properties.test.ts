import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { MASK_KINDS } from "../model/masked.ts";
import { cutText } from "./clean-text.ts";
import { readCorpus } from "./corpus/corpus.ts";
import { keptText, keptValue, maskJson } from "./mask-json.ts";
import { mayNeedMask, maskText } from "./mask-text.ts";
import { takeMasks } from "./tally.ts";

const { positives, negatives } = readCorpus();
const marked = fc.constantFrom(...positives);
const joint = fc.constantFrom(
  " ",
  "",
  "\n",
  ", ",
  '"',
  "=",
  "-",
  "/",
  ": ",
  "[",
  "]",
  "%20",
  "\\n",
  "account ",
  "ssn ",
  "phone ",
  "+",
  "@",
);
/** Pieces of the corpus and of nothing, in any order: what stands beside a value decides much. */
const mixture = fc
  .array(
    fc.oneof(
      marked.map(({ text }) => text),
      fc.constantFrom(...negatives).map(({ text }) => text),
      joint,
      fc.stringMatching(/^[0-9 .+/-]{1,16}$/),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));
const masked = (text: string): string => maskText(text).text;
/** Characters that a mask can be longer than what it hides. */
const GROWTH = "[card …0000]".length;

describe("masking", () => {
  it("is idempotent over all kinds", () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const once = masked(text);
        expect(masked(once)).toBe(once);
      }),
      { numRuns: 4_000 },
    );
  });

  it("looks at a text in full wherever the prefilter rules nothing out, and nowhere else", () => {
    fc.assert(
      fc.property(mixture, (text) => {
        if (!mayNeedMask(text)) expect(masked(text)).toBe(text);
      }),
    );
    for (const { text } of positives) expect(mayNeedMask(text)).toBe(true);
  });

  it("grows a text by no more than a mask for each value, and a kept text by nothing", () => {
    fc.assert(
      fc.property(mixture, fc.integer({ min: 10, max: 80 }), (text, most) => {
        const { text: hidden, counts } = maskText(text);
        const values = Object.values(counts).reduce((sum, count) => sum + count, 0);
        expect(hidden.length).toBeLessThanOrEqual(text.length + values * GROWTH);
        expect(keptText(text, most).length).toBeLessThanOrEqual(most);
        expect(keptText(text).length).toBeLessThanOrEqual(LIMITS.textLength);
      }),
    );
  });

  it("finds a value inside of JSON text, and its masks read the same from there", () => {
    fc.assert(
      fc.property(marked, fc.constantFrom("m", "a b", "x-y"), (one, key) => {
        const json = masked(JSON.stringify({ [key]: one.text }));
        for (const { value } of one.marked) {
          expect(json).not.toContain(value);
          expect(json).not.toContain(JSON.stringify(value).slice(1, -1));
        }
        const kept = JSON.stringify({ [key]: masked(one.text) });
        expect(JSON.parse(kept)).toEqual({ [key]: masked(one.text) });
        expect(masked(kept)).toBe(kept);
      }),
      { numRuns: 1_000 },
    );
  });

  it("a cut of a masked text shows at most four digits of a card, wherever it falls", () => {
    const cards = positives.filter(({ marked: [mark] }) => mark?.kind === "card");
    fc.assert(
      fc.property(fc.constantFrom(...cards), fc.nat(200), (one, at) => {
        const hidden = masked(one.text);
        const digits = one.marked.map(({ value }) => value.replaceAll(/%2[0d]|\D/gi, ""));
        const pieces = [
          hidden.slice(0, at),
          hidden.slice(at),
          cutText(hidden, at),
          keptText(one.text, at),
        ];
        for (const card of digits) {
          for (let from = 0; from + 5 <= card.length; from += 1) {
            const five = card.slice(from, from + 5);
            const around = one.around.join(" ");
            for (const piece of pieces)
              if (!around.includes(five)) expect(piece).not.toContain(five);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an exception", () => {
  it("keeps its kinds of that value, counted; a secret never", () => {
    takeMasks();
    const text = "mail eve@bank.example, card 4111111111111111, password=hunter2";
    expect(keptValue("note", text, ["email", "secret"])).toBe(
      "mail eve@bank.example, card [card …1111], password=[secret]",
    );
    expect(keptValue("dbPassword", "hunter2", ["secret", "email"])).toBe("[secret]");
    expect(takeMasks()).toEqual({ hidden: { card: 1, secret: 2 }, kept: { email: 1 } });
  });

  it("keeps every kind but secrets, each by itself", () => {
    for (const kind of MASK_KINDS) {
      const [one] = positives.filter(({ marked: [mark] }) => mark?.kind === kind);
      const { text, counts, kept } = maskText(one?.text ?? "", [kind]);
      expect(kind === "secret" ? counts[kind] : kept[kind]).toBe(1);
      expect(text === one?.text).toBe(kind !== "secret");
    }
  });
});

describe("a name", () => {
  it.each([
    ["ssn", "123456789", "[ssn]"],
    ["customer.accountNumber", "12345678", "[account]"],
    ["acctNo", "0012345678", "[account]"],
    ["phone", "0301234567", "[phone]"],
    ["mobile_no", "07700 900123", "[phone]"],
    ["routing", "021000021", "[account]"],
    ["accounts", "1234567", "1234567"],
    ["accountCount", "1234567", "1234567"],
    ["runId", "1732430000000", "1732430000000"],
    ["businessDate", "20261124", "20261124"],
    ["account", "20261124", "20261124"],
  ])("tells what its value is: %s", (name, value, expected) => {
    expect(keptValue(name, value)).toBe(expected);
    expect(maskJson({ [name]: value, list: [{ name, value }] })).toEqual({
      [name]: expected,
      list: [{ name, value: expected }],
    });
  });

  it("and a number's too", () => {
    expect(maskJson({ accountNo: 12345678, rows: 12345678, ssn: [123456789] })).toEqual({
      accountNo: "[account]",
      rows: 12345678,
      ssn: ["[ssn]"],
    });
  });
});
