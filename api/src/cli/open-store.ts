import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { openStores } from "@batchwatch/db";
import type { AuditFact, Stores } from "@batchwatch/engine";
import { emptyHead, HeadFile, keepHead } from "../audit/head-file.ts";
import { auditKeyOf } from "../auth/audit-key.ts";
import { openSecret } from "../auth/secret-file.ts";
import type { Seal } from "../auth/seal.ts";
import { readSettings, type Settings } from "../settings.ts";
import type { HostAct } from "./command.ts";

/** The command line writes what people set; runs are the server's alone. */
function joinSummaries(): never {
  throw new Error("The command line saves no runs.");
}

/**
 * Records that a command is about to change something: on disk before the change, which is another transaction (engine/SPEC.md AUD-11). What is
 * recorded in the transaction of the change itself needs none.
 */
export type Begins = (act: HostAct) => Promise<void>;

/** What a command has beside the stores. */
export interface Host {
  readonly settings: Settings;
  readonly seal: Seal;
  readonly begins: Begins;
}

/**
 * Opens the store of these settings, beside a running server or without one, and closes it whatever happens. What it changes is
 * audited, so it needs the secret file as the server does; the trail's head is kept beside the store as the server keeps it.
 */
export async function withStores<T>(
  env: NodeJS.ProcessEnv,
  use: (stores: Stores, host: Host) => Promise<T>,
): Promise<T> {
  const settings = readSettings(env);
  await mkdir(dirname(settings.databasePath), { recursive: true });
  const { seal } = await openSecret(settings);
  const opened = await openStores({
    path: settings.databasePath,
    auditKey: auditKeyOf(seal),
    joinSummaries,
  });
  const { audit } = opened.stores;
  const key = auditKeyOf(seal);
  const file = new HeadFile(settings.dataDir);
  const before = await audit.head();
  try {
    // Ended by force behind its first record, a command would leave what looks like a file that was taken away.
    if (before === null && (await file.size()) === null) {
      const { storeId } = await audit.ends();
      await keepHead(file, { key, storeId, before, head: emptyHead(Date.now()), now: Date.now() });
    }
    const begins: Begins = async (act) => {
      await audit.append([hostFact(act, { begins: act.command }, Date.now())]);
    };
    const result = await use(opened.stores, { settings, seal, begins });
    if (isHostAct(result)) {
      const { host } = result;
      const { command, fields } = host;
      const changed = fields === undefined ? {} : { fields: fields.join(",") };
      await audit.append([hostFact(host, { command, ...changed }, Date.now())]);
    }
    return result;
  } finally {
    const after = await audit.head();
    if (after !== null && after.mac !== before?.mac) {
      const { storeId } = await audit.ends();
      await keepHead(file, { key, storeId, before, head: after, now: Date.now() });
    }
    await opened.close();
  }
}

function isHostAct(result: unknown): result is { readonly host: HostAct } {
  return typeof result === "object" && result !== null && "host" in result;
}

function hostFact(
  { subjectKind, subjectId, teamId = null }: HostAct,
  detail: AuditFact["detail"],
  at: number,
): AuditFact {
  const actor = { actorKind: "host", actorId: "host" } as const;
  return {
    at,
    ...actor,
    action: "host-command",
    subjectKind,
    subjectId,
    teamId,
    detail,
  };
}
