import { describe, expect, test } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { headLine, keptHeads, readHeads, signedBeginning, signedHead } from "./heads.ts";
import { headsOf, KEY, STORE, trail } from "./test-trail.ts";

const DAY_MS = 86_400_000;
const NOW = 4_000 * DAY_MS;
const linesAt = (...times: readonly number[]) =>
  readHeads(
    times
      .map((at, index) =>
        headLine(signedHead(KEY, STORE, { seq: index + 1, mac: `m${index}`, at })),
      )
      .join(""),
  );
const seqs = (lines: ReturnType<typeof keptHeads>) => lines.map(({ head }) => head?.seq ?? null);

describe("which heads are kept [AUD-4]", () => {
  test("all of the last minutes, one of ten minutes, one of a day, of each the newest", () => {
    const step = LIMITS.auditHeadStepMs;
    const hourAgo = Math.floor((NOW - 3_600_000) / step) * step;
    const lines = linesAt(
      NOW - 3 * DAY_MS,
      NOW - 3 * DAY_MS + 1,
      NOW - 3 * DAY_MS + 2,
      hourAgo,
      hourAgo + 1,
      hourAgo + step,
      NOW - 5_000,
      NOW - 4_000,
    );
    expect(seqs(keptHeads(lines, NOW))).toEqual([3, 5, 6, 7, 8]);
  });

  test("seven years of one a second stay below the limit, and what is older goes", () => {
    const days = Array.from({ length: 4_000 }, (_, day) => day * DAY_MS);
    const lines = linesAt(
      ...days,
      ...Array.from({ length: 86_400 }, (_, s) => NOW - 86_400_000 + s * 1_000),
    );
    const kept = keptHeads(lines, NOW);
    expect(kept.length).toBeLessThan(LIMITS.auditHeadDays + 144 + 602 + 2);
    expect(kept[0]?.head?.at).toBe(NOW - LIMITS.auditHeadDays * DAY_MS);
  });

  test("what may be evidence stays: unreadable lines, and the place before the heads went back", () => {
    const records = trail(9);
    const text = headsOf(records[6], records[3], records[4], records[8])
      .map((line) => `${line.text}\n`)
      .join("");
    const lines = readHeads(`?\n${text}`);
    expect(seqs(keptHeads(lines, 20 * DAY_MS))).toEqual([null, 7, 5, 9]);
    expect(seqs(keptHeads(lines, NOW))).toEqual([null, 7, 9]);
  });
});

test("where the file was begun anew stays, whatever its age and however many came after; a line cut short goes", () => {
  const old = headLine(signedBeginning(KEY, STORE, trail(1)[0] ?? expect.fail("no record")));
  const more = Array.from({ length: LIMITS.auditHeadLines + 5 }, () => "?\n").join("");
  const [line] = headsOf(trail(2)[1]);
  const text = `${old}${more}${old.slice(0, 30)}\n${line?.text}\n`;
  const kept = keptHeads(readHeads(text), 9_999 * DAY_MS);
  expect(kept).toHaveLength(LIMITS.auditHeadLines + 1);
  expect(kept[0]?.head).toMatchObject({ seq: 1, begun: true });
  expect(kept.at(-1)?.head?.seq).toBe(2);
  expect(kept.map((one) => one.text)).not.toContain(old.slice(0, 30));
});

test("a last line without its line break was never written", () => {
  const [line] = headsOf(trail(1)[0]);
  expect(readHeads(`${line?.text}\n${line?.text.slice(0, 30)}`)).toHaveLength(1);
});

test("an object that is no head is not taken for one", () => {
  expect(readHeads('{"seq":"1"}\n5\nnull\n').map(({ head }) => head)).toEqual([null, null, null]);
});
