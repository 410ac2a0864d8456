import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditRecord } from "../model/audit.ts";
import { chained } from "./chain.ts";
import { headLine, readHeads, signedAnchor, signedBeginning, signedHead } from "./heads.ts";
import { ends, fact, headsOf, KEY, STORE, trail, verdictOn } from "./test-trail.ts";
import { ChainCheck } from "./verify.ts";

const records = trail(20);
const at = (seq: number): AuditRecord => records[seq - 1] ?? expect.fail(`no record ${seq}`);
const without = (...seqs: number[]) => records.filter(({ seq }) => !seqs.includes(seq));

describe("a trail as it was written [AUD-1]", () => {
  test.each([1, 3, 1_000])("is intact, read in pages of %i", (page) => {
    expect(verdictOn(records, { page })).toEqual({
      intact: true,
      complete: true,
      records: 20,
      brokenAt: null,
      finding: "20 records are intact, 1 to 20.",
      head: { seq: 20, mac: at(20).mac, at: at(20).at },
    });
  });

  test("is intact when it is empty, and when the newest head is not written yet", () => {
    expect(verdictOn([], { heads: [] })).toMatchObject({ intact: true, records: 0 });
    expect(verdictOn(records, { heads: headsOf(at(3), at(18)) })).toMatchObject({ intact: true });
  });

  test("does not depend on the order of a detail's keys", () => {
    const turned = { ...at(4), detail: { attempt: 2, job: "j1" } };
    expect(verdictOn(records.with(3, turned)).intact).toBe(true);
  });

  test("says how far it came when the time was over [AUD-8]", () => {
    const check = new ChainCheck({ key: KEY, ends: ends(records), heads: headsOf(at(20)) });
    check.take(records.slice(0, 7));
    expect(check.soFar()).toMatchObject({ intact: true, complete: false, records: 7 });
    expect(check.soFar().finding).toContain("7 records are intact, up to 7; the time was over");
  });
});

describe("what the chain shows [AUD-2]", () => {
  const changes: Partial<AuditRecord>[] = [
    { at: 1 },
    { actorKind: "host" },
    { actorId: "u2" },
    { action: "sign-in" },
    { subjectKind: null },
    { subjectId: "e2" },
    { teamId: null },
    { detail: { job: "j1", attempt: 3 } },
    { detail: {} },
    { mac: "0".repeat(64) },
  ];
  test.each(changes)("a record flipped to %o", (change) => {
    const verdict = verdictOn(records.with(6, { ...at(7), ...change }));
    expect(verdict).toMatchObject({ intact: false, brokenAt: 7, records: 6 });
    expect(verdict.finding).toBe("Record 7 was changed, or one before it was taken out.");
  });

  test("dropped records, one and several, also at a page's edge and at the beginning", () => {
    expect(verdictOn(without(7)).finding).toBe("Record 7 is missing.");
    expect(verdictOn(without(7, 8, 9), { page: 6 })).toMatchObject({
      brokenAt: 7,
      finding: "Records 7 to 9 are missing.",
    });
    expect(verdictOn(without(1))).toMatchObject({ brokenAt: 1, finding: "Record 1 is missing." });
  });

  test("a dropped record whose place the next ones took", () => {
    const closed = without(7).map((one, index) => ({ ...one, seq: index + 1 }));
    expect(verdictOn(closed)).toMatchObject({ intact: false, brokenAt: 7 });
  });

  test("reordered records", () => {
    const swapped = records.with(6, { ...at(9), seq: 7 }).with(8, { ...at(7), seq: 9 });
    expect(verdictOn(swapped)).toMatchObject({
      brokenAt: 7,
      finding:
        "Record 7 is not the one that was written there, which now stands at 9: records were reordered, or one was put in.",
    });
    const out = records.with(6, at(8)).with(7, at(7));
    expect(verdictOn(out)).toMatchObject({ intact: false, brokenAt: 7 });
  });

  test("a record put in, with a mac made without the key", () => {
    const forged = chained(Buffer.alloc(32, 9), at(6), [fact(1)]);
    const moved = records.slice(6).map((one) => ({ ...one, seq: one.seq + 1 }));
    expect(verdictOn([...records.slice(0, 6), ...forged, ...moved])).toMatchObject({
      brokenAt: 7,
      finding: expect.stringContaining("or one was put in"),
    });
  });

  test("a record that comes twice", () => {
    const verdict = verdictOn([...records.slice(0, 7), at(7), ...records.slice(7)]);
    expect(verdict).toMatchObject({ brokenAt: 7, finding: expect.stringContaining("second time") });
  });

  test("a forged place", () => {
    expect(verdictOn(records.with(19, { ...at(20), seq: 25 }))).toMatchObject({ brokenAt: 20 });
  });

  test("another key", () => {
    expect(verdictOn(records, { key: Buffer.alloc(32, 2) })).toMatchObject({ brokenAt: 1 });
  });

  test("any one change of any one record is found, at that record", () => {
    const place = fc.integer({ min: 1, max: 20 });
    const text = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        place,
        text,
        fc.constantFrom("actorId", "subjectId", "teamId"),
        (n, to, field) => {
          fc.pre(at(n)[field as "actorId"] !== to);
          const verdict = verdictOn(records.with(n - 1, { ...at(n), [field]: to }));
          expect(verdict.brokenAt).toBe(n);
        },
      ),
    );
  });
});

describe("what the heads show [AUD-3]", () => {
  test("an end that was cut off, which the store itself still knows of", () => {
    expect(verdictOn(records.slice(0, 15), { ends: ends(records), heads: [] })).toMatchObject({
      brokenAt: 16,
      finding: expect.stringMatching(/Records after 15 are missing.*cut off/),
    });
    const cut = verdictOn(records.slice(0, 15), { ends: ends(records), heads: headsOf(at(20)) });
    expect(cut).toMatchObject({
      brokenAt: 16,
      finding: expect.stringMatching(/Records after 15 are missing.*says 20.*cut off/),
    });
  });

  test("a store that was put back to an older backup", () => {
    const old = records.slice(0, 15);
    expect(verdictOn(old, { heads: headsOf(at(12), at(20)) })).toMatchObject({
      brokenAt: 16,
      finding: expect.stringMatching(/says 20, the store knows of 15.*put back to a backup/),
    });
  });

  test("the same, written on since: also when it is longer than it was", () => {
    const more = Array.from({ length: 10 }, (_, n) => fact(9_000_000 + n));
    const gone = [...records.slice(0, 15), ...chained(KEY, at(15), more)];
    const verdict = verdictOn(gone, { heads: headsOf(at(12), at(20), gone.at(-1)) });
    expect(verdict).toMatchObject({
      brokenAt: 20,
      finding: expect.stringMatching(/Record 20 is not the one.*put back.*after 12/),
    });
  });

  test("a head file that was changed, cannot be read, is missing, or is another store's", () => {
    const { text } = headsOf(at(20))[0] ?? expect.fail("no line");
    const finding = (lines: string) => verdictOn(records, { heads: readHeads(lines) }).finding;
    expect(finding(`${text.replace('"seq":20', '"seq":18')}\n`)).toContain("its seal is not ours");
    expect(finding(`${text}\nrubbish\n`)).toBe(
      "Line 2 of the file of heads cannot be read: it was changed.",
    );
    expect(finding("")).toContain("The file of heads is missing");
    const other = JSON.stringify(signedHead(KEY, "store-2", at(20)));
    expect(finding(`${other}\n`)).toContain("of another store");
  });
});

describe("a file of heads that was taken away and begun anew [AUD-3]", () => {
  const cut = records.slice(0, 15);
  const begun = signedBeginning(KEY, STORE, at(15));
  const anew = readHeads(headLine(begun));

  test("is told of for good: it knows nothing of what was cut off before", () => {
    const verdict = verdictOn(cut, { heads: anew });
    expect(verdict).toMatchObject({ intact: false, brokenAt: null, records: 15 });
    expect(verdict.finding).toMatch(/begun anew at record 15.*--heads FILE/);
    const older = [headsOf(at(10))[0]?.text ?? "", headLine(begun)].join("\n");
    expect(verdictOn(cut, { heads: readHeads(older) }).intact).toBe(false);
  });

  test("a copy that was kept elsewhere shows the cut, or that there was none", () => {
    expect(verdictOn(cut, { heads: anew, kept: headsOf(at(3), at(20)) })).toMatchObject({
      intact: false,
      brokenAt: 16,
    });
    const well = verdictOn(cut, { heads: anew, kept: headsOf(at(3), at(14)) });
    expect(well.intact).toBe(true);
    expect(well.finding).toMatch(/copy agrees up to 14.*begun anew at 15/);
    // A copy of the file as it is now knows no more than the file.
    expect(verdictOn(cut, { heads: anew, kept: anew }).intact).toBe(false);
    const log = [...readHeads("words of a log\n"), ...headsOf(at(20))];
    expect(verdictOn(cut, { heads: anew, kept: log }).brokenAt).toBe(16);
    const forged = readHeads(headsOf(at(14))[0]?.text.replace('"seq":14', '"seq":13') + "\n");
    expect(verdictOn(cut, { heads: anew, kept: forged }).finding).toContain("the kept copy");
  });

  test("its line cannot be made without the key, nor a head be turned into it or back", () => {
    const { begun: _begun, ...plain } = begun;
    for (const line of [plain, { ...signedHead(KEY, STORE, at(15)), begun: true as const }]) {
      expect(verdictOn(cut, { heads: readHeads(headLine(line)) }).finding).toContain("not ours");
    }
  });

  test("does not matter any more once retention has removed what was before it", () => {
    const anchor = signedAnchor(KEY, at(16), 5_000_000);
    const heads = [...anew, ...headsOf(at(20))];
    const given = { ends: ends(records, { anchor }), heads };
    expect(verdictOn(records.slice(16), given).intact).toBe(true);
  });
});

describe("a line that was never written whole [AUD-3]", () => {
  const whole = headLine(signedHead(KEY, STORE, at(20)));

  test.each([1, 9, 40, 150])(
    "%i characters of it, before a good one, are skipped with a word",
    (n) => {
      const verdict = verdictOn(records, { heads: readHeads(`${whole.slice(0, n)}\n${whole}`) });
      expect(verdict.intact).toBe(true);
      expect(verdict.finding).toContain("1 line of the file of heads");
    },
  );

  test("anything else that cannot be read is not", () => {
    for (const text of ["rubbish", `${whole.trim().slice(0, -9)}"}`, whole.slice(5, 60)]) {
      const verdict = verdictOn(records, { heads: readHeads(`${text}\n${whole}`) });
      expect(verdict.finding).toMatch(/Line 1 of the file of heads (cannot be read|was changed)/);
    }
  });
});

describe("retention [AUD-6]", () => {
  const kept = records.slice(8);
  const anchor = signedAnchor(KEY, at(8), 5_000_000);

  test("what was removed by it is said, and the rest is intact", () => {
    const verdict = verdictOn(kept, { ends: ends(records, { anchor }) });
    expect(verdict).toMatchObject({ intact: true, records: 12 });
    expect(verdict.finding).toContain("12 records are intact, 9 to 20. Older ones, up to 8,");
  });

  test("more than that is missed, and an anchor made without the key is no excuse", () => {
    expect(verdictOn(kept.slice(1), { ends: ends(records, { anchor }) })).toMatchObject({
      brokenAt: 9,
    });
    const forged = signedAnchor(Buffer.alloc(32, 9), at(9), 5_000_000);
    expect(verdictOn(kept.slice(1), { ends: ends(records, { anchor: forged }) })).toMatchObject({
      brokenAt: 9,
      finding: expect.stringContaining("is not ours"),
    });
  });

  test("a store without any record left still knows its end", () => {
    const last = signedAnchor(KEY, at(20), 5_000_000);
    expect(
      verdictOn([], { ends: ends(records, { anchor: last }), heads: headsOf(at(20)) }),
    ).toEqual(expect.objectContaining({ intact: true, records: 0 }));
  });
});

test("heads of a store with another id do not stand for this one", () => {
  expect(STORE).not.toBe("store-2");
  const foreign = readHeads(`${JSON.stringify(signedHead(KEY, "store-2", at(20)))}\n`);
  expect(verdictOn(records.slice(0, 3), { heads: foreign }).finding).toContain("another store");
});
