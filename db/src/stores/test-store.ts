import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Alert,
  type ChangeAuthor,
  type JobSave,
  type KeptLetter,
  MemoryStore,
  type RunColumns,
  type RunSave,
  type Stores,
  type TransitionRow,
  type Unit,
} from "@batchwatch/engine";
import { onTestFinished } from "vitest";
import { openStores } from "./open-stores.ts";
import type { JoinSummaries } from "./unit-store.ts";

/** A directory that is removed after the running test. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-db-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** What the audit trails of tests are sealed with. */
export const TEST_AUDIT_KEY: Buffer = Buffer.alloc(32, 7);

/** Who changes things in tests. */
export const BY: ChangeAuthor = { userId: "u1", name: "Duty Operator" };

/** Test join: the texts one after the other, and `attempt` counts them. */
function joinTexts(stored: string, incoming: string): { columns: RunColumns; summary: string } {
  const summary = `${stored}+${incoming}`;
  return { columns: columnsOf("e1", { attempt: summary.split("+").length }), summary };
}

export async function openTestStores(
  path?: string,
  joinSummaries: JoinSummaries = joinTexts,
): Promise<Stores> {
  const file = path ?? join(await tempDir(), "store.db");
  const opened = await openStores({ path: file, auditKey: TEST_AUDIT_KEY, joinSummaries });
  onTestFinished(() => opened.close());
  return opened.stores;
}

/** What the conformance suite needs: of a run only what every store must keep of it. */
export interface ConformingStores extends Pick<Stores, "units" | "letters"> {
  readonly partitions: Pick<Stores["partitions"], "claim" | "savedTo">;
  readonly jobs: Pick<Stores["jobs"], "loadStates" | "newestRuns" | "recentRuns" | "get">;
  run(executionId: string): Promise<{
    readonly columns: Partial<RunColumns>;
    readonly summary: string;
    readonly transitions: readonly TransitionRow[];
  } | null>;
  alert(alertId: string): Promise<Alert | null>;
}

export async function openSqliteStores(joins?: JoinSummaries): Promise<ConformingStores> {
  const stores = await openTestStores(undefined, joins);
  return {
    ...stores,
    alert: (alertId) => stores.alerts.get(alertId),
    run: async (executionId) => {
      const found = await stores.runs.get(executionId);
      if (found === null) return null;
      return { columns: found.run, summary: found.summary, transitions: found.transitions };
    },
  };
}

/** The store that the simulation uses, behind the same ports. */
export function openMemoryStores(joins: JoinSummaries = joinTexts): Promise<ConformingStores> {
  const store = new MemoryStore(joins);
  const { tables } = store;
  return Promise.resolve({
    partitions: {
      claim: async (partitions) => store.claim(partitions),
      savedTo: async () => store.savedTo(),
    },
    units: { save: async (piece) => store.save(piece) },
    letters: {
      load: async (partitions, after) => store.loadLetters(partitions, after),
      counts: async (limit) => store.letterCounts(limit),
    },
    jobs: {
      loadStates: async (partitions, after) => store.loadStates(partitions, after),
      newestRuns: async (jobIds) => store.newestRuns(jobIds),
      recentRuns: async (partitions, now, after) => store.recentRuns(partitions, now, after),
      get: async (jobId) => tables.jobs.get(jobId)?.job ?? null,
    },
    alert: async (alertId) => tables.alerts.get(alertId) ?? null,
    run: async (executionId) => {
      const found = tables.runs.get(executionId);
      if (found === undefined) return null;
      return { ...found, transitions: tables.transitions.get(executionId) ?? [] };
    },
  });
}

export function letter(letterId: string, given: Partial<KeptLetter> = {}): KeptLetter {
  return {
    letterId,
    jobId: "j1",
    partition: 3,
    sourceId: "src",
    contract: "native",
    receivedAt: 1_000,
    reason: "a defect",
    body: "{}",
    ...given,
  };
}

export function columnsOf(executionId: string, given: Partial<RunColumns> = {}): RunColumns {
  return {
    executionId,
    jobId: "j1",
    runKey: `key of ${executionId}`,
    state: "running",
    instanceKey: "i1",
    attempt: 1,
    restartedFrom: null,
    clearedBy: null,
    businessDate: "2026-03-31",
    businessDateOrigin: "PARAMETER",
    triggerKind: "SCHEDULED",
    timeQuality: "EXACT",
    host: "host-a",
    appVersion: null,
    parentExecutionId: null,
    nominalAt: null,
    startedAt: 1_000,
    endedAt: null,
    durationMs: null,
    lastFactAt: 1_500,
    orderedAt: 1_000,
    readCount: null,
    writtenCount: 7,
    skippedCount: null,
    message: null,
    ...given,
  };
}

export function putRun(executionId: string, given: Partial<RunColumns> = {}): RunSave {
  return { mode: "put", columns: columnsOf(executionId, given), summary: `s(${executionId})` };
}

export function jobSave(given: Partial<JobSave> = {}): JobSave {
  return {
    jobId: "j1",
    sourceId: "src",
    namespace: "",
    name: "GL_EXTRACT",
    ownerTeamId: "ledger",
    firstSeenAt: 1_000,
    lastSeenAt: 2_000,
    state: "state 1",
    ...given,
  };
}

export function transition(factId: string, given: Partial<TransitionRow> = {}): TransitionRow {
  return {
    executionId: "e1",
    factId,
    kind: "started",
    stage: null,
    occurredAt: 1_000,
    receivedAt: 1_100,
    sourceId: "src",
    contract: "native",
    ...given,
  };
}

export function unit(given: Partial<Unit> = {}): Unit {
  return { partition: 3, job: jobSave(), runs: [], transitions: [], notes: [], ...given };
}
