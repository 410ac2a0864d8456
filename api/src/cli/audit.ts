import { readFile, stat, writeFile } from "node:fs/promises";
import {
  type AuditAction,
  type AuditFact,
  type AuditFilter,
  checkEvidence,
  EVERYONE,
  evidenceText,
  type HeadLine,
  LIMITS,
  readHeads,
  signedHead,
} from "@batchwatch/engine";
import { evidenceRecords } from "../audit/evidence-records.ts";
import { HeadFile } from "../audit/head-file.ts";
import { verifyTrail } from "../audit/verify-trail.ts";
import { auditKeyOf } from "../auth/audit-key.ts";
import { openSecret } from "../auth/secret-file.ts";
import { API_LIMITS } from "../options.ts";
import { readSettings } from "../settings.ts";
import { CommandError, type Command, type Given, UsageError } from "./command.ts";
import { withStores } from "./open-store.ts";
import { counted, positional, required, text } from "./values.ts";

export const auditVerify: Command = {
  name: "audit verify",
  sentence: "Checks the whole audit trail and names the first record that is wrong.",
  usage: "[--heads FILE]",
  details: [
    "Exit code 0: intact. 1: a record was changed, dropped, put in or reordered, or the end is missing.",
    "The heads in audit-heads.ndjson, in the data folder, tell a cut-off end; keep copies of it elsewhere.",
    "FILE is such a copy, or lines of the server's log: the trail must agree with it as well.",
  ],
  options: { heads: { type: "string" } },
  positionals: 0,
  async run(given) {
    const copy = text(given, "heads");
    const kept = copy === null ? [] : await headsIn(copy);
    return withStores(given.io.env, async ({ audit }, { settings, seal }) => {
      const file = new HeadFile(settings.dataDir);
      const verdict = await verifyTrail({
        audit,
        key: auditKeyOf(seal),
        heads: () => file.read(),
        kept,
        mostMs: null,
        now: Date.now,
        onProgress: (words) => given.io.stderr.write(`batchwatch: ${words}\n`),
      });
      const { intact, records, brokenAt } = verdict;
      await audit.append([looked("audit-verified", { intact, records, brokenAt })]);
      return { lines: [verdict.finding], json: verdict, failed: !intact };
    });
  },
};

export const auditEvidence: Command = {
  name: "audit evidence",
  sentence: "Writes records of the audit trail to a file that can be checked by itself.",
  usage: "--out FILE [--actor ID] [--subject ID] [--from TIME] [--until TIME]",
  details: [
    "ID is a user's id, or that of a job, run, incident or source.",
    "TIME is ISO 8601 with an offset, such as 2027-01-01T00:00:00+01:00.",
    `At most the newest ${LIMITS.evidenceRecords} records that match; it says so when there are more.`,
  ],
  options: {
    out: { type: "string" },
    actor: { type: "string" },
    subject: { type: "string" },
    from: { type: "string" },
    until: { type: "string" },
  },
  positionals: 0,
  run(given) {
    const out = required(given, "out", "the file to write, which must not exist");
    const filter: AuditFilter = {
      actorId: text(given, "actor") ?? undefined,
      subjectId: text(given, "subject") ?? undefined,
      from: instant(given, "from"),
      until: instant(given, "until"),
    };
    return withStores(given.io.env, async ({ audit }, { seal }) => {
      const { records, cut } = await evidenceRecords(audit, EVERYONE, "host", filter);
      const [{ storeId }, head] = await Promise.all([audit.ends(), audit.head()]);
      const key = auditKeyOf(seal);
      await audit.append([looked("evidence-exported", { records: records.length, cut })]);
      const file = evidenceText({
        key,
        storeId,
        madeAt: Date.now(),
        filter,
        records,
        cut,
        head: head === null ? null : signedHead(key, storeId, head),
      });
      await written(out, file);
      const more = cut ? ", the newest; more match: narrow it" : "";
      return {
        lines: [`Wrote ${counted(records.length, "record")} to ${out}${more}.`],
        json: { file: out, records: records.length, cut },
      };
    });
  },
};

export const auditCheck: Command = {
  name: "audit check",
  sentence: "Checks an evidence file: whether its records are as they were written.",
  usage: "FILE",
  details: ["FILE is one of this installation: its key (BATCHWATCH_SECRET_FILE) is needed."],
  options: {},
  positionals: 1,
  async run(given) {
    const content = await contentOf(positional(given, 0, "file"));
    const { seal } = await openSecret(readSettings(given.io.env));
    const verdict = checkEvidence(auditKeyOf(seal), content);
    return { lines: [verdict.finding], json: verdict, failed: !verdict.intact };
  },
};

function looked(action: AuditAction, detail: AuditFact["detail"]): AuditFact {
  const actor = { actorKind: "host", actorId: "host" } as const;
  const subject = { subjectKind: "audit", subjectId: null, teamId: null };
  return { at: Date.now(), ...actor, action, ...subject, detail };
}

function instant(given: Given, option: string): number | undefined {
  const time = text(given, option);
  if (time === null) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(time) ? Date.parse(time) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--${option} is "${time}"; it must be a time with an offset, such as 2027-01-01T00:00:00Z.`,
  );
}

/** A new file that only its owner may read; an old one is not overwritten. */
async function written(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const code = codeOf(error);
    const why =
      code === "EEXIST"
        ? "exists already and is not written over: give another name with --out"
        : `cannot be written (${code})`;
    throw new CommandError(`${file} ${why}.`);
  }
}

async function headsIn(file: string): Promise<readonly HeadLine[]> {
  const lines = readHeads(await contentOf(file));
  if (lines.some(({ head }) => head !== null)) return lines;
  throw new CommandError(`${file} holds no head of an audit trail.`);
}

async function contentOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > API_LIMITS.evidenceFileBytes) {
      throw new CommandError(
        `${file} has ${size} bytes, and at most ${API_LIMITS.evidenceFileBytes} are read.`,
      );
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} cannot be read (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
