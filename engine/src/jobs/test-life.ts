import type { Observation } from "../model/fact.ts";
import type { Job } from "../model/job.ts";
import { LIMITS } from "../model/limits.ts";
import type { RunRow } from "../model/rows.ts";
import type { NewestRun, RunColumns, Unit } from "../ports/stores.ts";
import { BlindTimes } from "./blind-times.ts";
import { JobActor } from "./job-actor.ts";
import { decodeJobState, type JobMemory } from "./job-state.ts";
import type { JobWorld } from "./job-world.ts";
import { newJobMemory } from "./new-job-memory.ts";
import { joinStoredSummaries } from "./run-columns.ts";
import { NOTHING_SET } from "./test-job.ts";

export const T0: number = Date.parse("2026-11-24T00:00:00.000Z");
const WORLD: JobWorld = {
  knownUntil: T0,
  settingsOf: () => null,
  occurrencesOf: () => null,
  blind: new BlindTimes(),
};
export const JOB: Job = {
  jobId: "j",
  sourceId: "s",
  namespace: "",
  name: "load",
  ownerTeamId: "t",
  firstSeenAt: T0,
  lastSeenAt: T0,
  ...NOTHING_SET,
};

const MINUTE = 60_000;
export const EVERY: number = 5 * MINUTE;

export function runOf(n: number): string {
  return `run-${String(n).padStart(3, "0")}`;
}

function fact(n: number, kind: Observation["kind"], after: number, day: string): Observation {
  const run = { executionId: runOf(n), runKey: runOf(n), businessDate: day };
  const name = { jobId: "j", namespace: "", name: "load", teamId: "t" };
  return { type: "observation", ...name, ...run, kind, occurredAt: T0 + n * EVERY + after };
}

/** A run of a job that starts every five minutes with today's date; each seventh fails. */
export function factsOf(n: number, day = "2026-11-24"): readonly Observation[] {
  const end = n % 7 === 3 ? "failed" : "succeeded";
  return [fact(n, "started", 0, day), fact(n, end, MINUTE, day)];
}

/** Something that is said of it later and changes nothing. */
export function logOf(n: number, day = "2026-11-24"): Observation {
  return { ...fact(n, "log", 2 * MINUTE, day), message: "seen" };
}

/** One job's life: its actor, what the store holds of it, and the facts that no unit holds yet. */
export class Life {
  readonly stored: Map<string, { readonly columns: RunColumns; readonly summary: string }> =
    new Map();
  /** As they were shown last. */
  readonly rows: Map<string, RunRow> = new Map();
  state = "";
  rowsSaved = 0;
  actor: JobActor | null = null;
  #unsaved: Observation[] = [];

  hear(one: Observation): void {
    this.#unsaved.push(one);
    this.#apply(one);
  }

  #apply(one: Observation): void {
    this.actor ??= new JobActor(0, newJobMemory(one, "s"), WORLD);
    const record = { position: 1, partition: 0, receivedAt: T0, sourceId: "s" };
    this.actor.apply(one, { ...record, contract: "native", bytes: new Uint8Array() });
  }

  /** One unit is saved; what its answers make of the job waits for the next one. */
  cut(): void {
    const { actor } = this;
    if (actor === null) return;
    for (const row of actor.takeRows()) if (row.kind === "run") this.rows.set(row.executionId, row);
    const unit = actor.takeUnit();
    this.#unsaved = [];
    this.state = unit.job?.state ?? "";
    this.rowsSaved += unit.runs.length;
    const amended = unit.runs.flatMap((run) => {
      const saved = this.#save(run);
      return run.mode === "amend" ? [saved] : [];
    });
    actor.saved(unit, amended);
  }

  settle(): void {
    for (let cuts = 0; cuts < 10 && (this.actor?.unsaved ?? 0) > 0; cuts += 1) this.cut();
  }

  /** The program ends here and starts again, with the state as it was saved or without it. */
  restart(state: "kept" | "lost"): void {
    if (this.state === "") return;
    this.actor = new JobActor(0, this.memory(state), WORLD);
    for (const one of this.#unsaved) this.#apply(one);
  }

  /** What a program knows of the job that starts now. */
  memory(state: "kept" | "lost" = "kept"): JobMemory {
    const saved =
      state === "kept" ? { state: this.state } : { state: "", newestRuns: this.newestRuns() };
    return decodeJobState({ job: JOB, partition: 0, ...saved });
  }

  /** As stores answer it. */
  newestRuns(): readonly NewestRun[] {
    return this.columns()
      .slice(-LIMITS.digestsPerJob)
      .toReversed()
      .map(({ executionId, attempt, restartedFrom, clearedBy }) => {
        const summary = this.stored.get(executionId)?.summary ?? "";
        return { attempt, restartedFrom, clearedBy, summary };
      });
  }

  /** Of all stored runs, oldest first. */
  columns(): RunColumns[] {
    return [...this.stored.values()]
      .map(({ columns }) => columns)
      .sort((a, b) => a.orderedAt - b.orderedAt || (a.executionId > b.executionId ? 1 : -1));
  }

  #save(run: Unit["runs"][number]): { columns: RunColumns; summary: string } {
    const known = run.mode === "amend" ? this.stored.get(run.columns.executionId) : undefined;
    const joined = known === undefined ? run : joinStoredSummaries(known.summary, run.summary);
    const { attempt, restartedFrom, clearedBy, triggerKind } = known?.columns ?? joined.columns;
    const columns = { ...joined.columns, attempt, restartedFrom, clearedBy, triggerKind };
    const saved = { columns, summary: joined.summary };
    this.stored.set(columns.executionId, saved);
    return saved;
  }
}
