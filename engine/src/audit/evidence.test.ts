import { expect, test } from "vitest";
import type { LinkedAuditRecord } from "../model/audit.ts";
import { AUDIT_GENESIS } from "./chain.ts";
import { checkEvidence, evidenceText } from "./evidence.ts";
import { signedHead } from "./heads.ts";
import { KEY, STORE, trail } from "./test-trail.ts";

const records = trail(9);
const linked: LinkedAuditRecord[] = records
  .map((one, index) => ({ ...one, before: records[index - 1]?.mac ?? AUDIT_GENESIS }))
  .filter(({ seq }) => seq !== 4 && seq !== 6);
const last = records.at(-1) ?? expect.fail("empty");
const text = evidenceText({
  key: KEY,
  storeId: STORE,
  madeAt: 1_000,
  filter: { actorId: "u1" },
  records: linked,
  cut: false,
  head: signedHead(KEY, STORE, last),
});
const lines = text.split("\n");

test("an evidence file verifies by itself and says how [AUD-7]", () => {
  expect(checkEvidence(KEY, text)).toEqual({
    intact: true,
    records: 7,
    brokenAt: null,
    finding: "The file is whole: 7 records are as they were written.",
  });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ records: 7, filter: { actorId: "u1" } });
  expect(lines[0]).toContain("batchwatch audit check FILE");
});

test("a changed record is named", () => {
  const changed = text.replace('"subjectId":"e300000"', '"subjectId":"e300001"');
  expect(checkEvidence(KEY, changed)).toMatchObject({ intact: false, brokenAt: 5 });
});

test.each([
  ["a record taken out", lines.toSpliced(3, 1)],
  ["two that changed places", lines.with(2, lines[3] ?? "").with(3, lines[2] ?? "")],
  ["another filter", lines.with(0, (lines[0] ?? "").replace("u1", "u2"))],
  [
    "another head",
    lines.with(lines.length - 2, (lines.at(-2) ?? "").replace('"seq":9', '"seq":8')),
  ],
])("%s: the file was changed", (_what, changed) => {
  expect(checkEvidence(KEY, changed.join("\n"))).toMatchObject({
    intact: false,
    finding: expect.stringContaining("the file was changed"),
  });
});

test.each([
  "",
  "{}\n",
  "rubbish",
  lines.slice(0, 3).join("\n"),
  text.replace('"detail"', '"detial"'),
])("what is no evidence file is refused without a fuss: %#", (given) => {
  expect(checkEvidence(KEY, given).intact).toBe(false);
});

test("another installation's key opens nothing", () => {
  expect(checkEvidence(Buffer.alloc(32, 2), text)).toMatchObject({ intact: false, brokenAt: 1 });
});
