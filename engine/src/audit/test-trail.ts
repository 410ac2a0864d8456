import type { AuditEnds, AuditFact, AuditRecord, AuditVerdict } from "../model/audit.ts";
import { chained } from "./chain.ts";
import { type HeadLine, headLine, readHeads, signedHead } from "./heads.ts";
import { ChainCheck } from "./verify.ts";

export const KEY: Buffer = Buffer.alloc(32, 1);
export const STORE = "store-1";

export function fact(at: number, given: Partial<AuditFact> = {}): AuditFact {
  return {
    at,
    actorKind: "user",
    actorId: "u1",
    action: "run-viewed",
    subjectKind: "run",
    subjectId: `e${at}`,
    teamId: "ledger",
    detail: { job: "j1", attempt: 2 },
    ...given,
  };
}

/** Records 1 … `count`, one a minute. */
export function trail(count: number): AuditRecord[] {
  const facts = Array.from({ length: count }, (_, index) => fact((index + 1) * 60_000));
  return [...chained(KEY, null, facts)];
}

export function ends(records: readonly AuditRecord[], given: Partial<AuditEnds> = {}): AuditEnds {
  return { storeId: STORE, anchor: null, appended: records.length, ...given };
}

export function headsOf(...records: readonly (AuditRecord | undefined)[]): readonly HeadLine[] {
  const lines = records.flatMap((one) => (one === undefined ? [] : signedHead(KEY, STORE, one)));
  return readHeads(lines.map(headLine).join(""));
}

/** The verdict over these records, read in pages of `page`. */
export function verdictOn(
  records: readonly AuditRecord[],
  given: {
    ends?: AuditEnds;
    heads?: readonly HeadLine[];
    kept?: readonly HeadLine[];
    page?: number;
    key?: Buffer;
  } = {},
): AuditVerdict {
  const check = new ChainCheck({
    key: given.key ?? KEY,
    ends: given.ends ?? ends(records),
    heads: given.heads ?? headsOf(records.at(-1)),
    ...(given.kept === undefined ? {} : { kept: given.kept }),
  });
  const page = given.page ?? 1_000;
  for (let from = 0; from < records.length; from += page) {
    if (!check.take(records.slice(from, from + page))) break;
  }
  return check.end();
}
