import { type JobFace, runRow } from "../jobs/board-rows.ts";
import type { JobActor } from "../jobs/job-actor.ts";
import { emptySummary } from "../jobs/run-summary.ts";
import type { Observation, PositionedRecord } from "../model/fact.ts";
import { contentIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { KeptLetter } from "../ports/stores.ts";
import type { DeadLetter } from "./messages.ts";

/** Longest kept reason, characters. */
const REASON_LENGTH = 500;

type Receipt = Pick<PositionedRecord, "sourceId" | "contract" | "receivedAt">;

interface Held {
  readonly face: JobFace;
  readonly reason: string;
  /** As it was when it was given up; only its open runs are still shown. */
  readonly actor: JobActor | null;
  readonly at: number;
  letters: number;
  full: boolean;
}

/**
 * Jobs that this program cannot follow (UNIT-6). Their facts become letters, their open runs are shown as
 * `unknown`, and a stand-in row is shown where there is none. They are tried again at the next start.
 */
export class Quarantine {
  readonly #held = new Map<string, Held>();
  readonly #changed = new Set<string>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Some of its rows changed since they were taken. */
  get changed(): boolean {
    return this.#changed.size > 0;
  }

  has(jobId: string): boolean {
    return this.#held.has(jobId);
  }

  put(face: JobFace, actor: JobActor | null, error: unknown): void {
    const reason = reasonOf(error);
    const at = this.#clock.now();
    this.#held.set(face.jobId, { face, reason, actor, at, letters: 0, full: false });
    this.#changed.add(face.jobId);
  }

  reasonOf(jobId: string): string {
    return this.#held.get(jobId)?.reason ?? "";
  }

  /** Counts one more kept letter. False: there are too many of this job, and its row says so from now on. */
  mayKeep(jobId: string): boolean {
    const held = this.#held.get(jobId);
    if (held === undefined) return true;
    if (held.letters < LIMITS.lettersPerJob) {
      held.letters += 1;
      return true;
    }
    if (!held.full) this.#changed.add(jobId);
    held.full = true;
    return false;
  }

  /** Rows that changed since the last call. */
  takeRows(): BoardChange[] {
    const rows = [...this.#changed].flatMap((jobId) => {
      const held = this.#held.get(jobId);
      return held === undefined ? [] : rowsOf(held);
    });
    this.#changed.clear();
    return rows;
  }
}

/** Of a job of which nothing is known but a letter that cannot be read. */
export function unnamedFace(jobId: string): JobFace {
  const nothing = { tier: null, firstStep: null, runbookUrl: null };
  return { jobId, name: jobId, namespace: "", teamId: "", ...nothing };
}

/** The row that stood for a job in quarantine is taken off the board. */
export function standInGone({ jobId, teamId }: JobFace): BoardChange {
  return { kind: "gone", key: `run:${standInId(jobId)}`, teamId };
}

export function letterOf(fact: Observation, receipt: Receipt, reason: string): KeptLetter {
  const body = JSON.stringify(fact);
  const partition = partitionOf(fact.jobId);
  return { ...letterHead(receipt, partition, reason, body), jobId: fact.jobId };
}

/** What the main thread is told of a fact that could not be applied. */
export function deadLetterOf(record: PositionedRecord, error: unknown): DeadLetter {
  const { sourceId, contract, receivedAt, position } = record;
  const reason = error instanceof Error ? error.message : String(error);
  return { sourceId, contract, receivedAt, position, reason };
}

/** A record that could not even be read belongs to no job. */
export function unreadableLetter(
  record: PositionedRecord,
  partition: number,
  error: unknown,
): KeptLetter {
  const body = Buffer.from(record.bytes).toString("base64");
  return { ...letterHead(record, partition, reasonOf(error), body), jobId: null };
}

function letterHead(
  receipt: Receipt,
  partition: number,
  reason: string,
  body: string,
): Omit<KeptLetter, "jobId"> {
  const { sourceId, contract, receivedAt } = receipt;
  const letterId = contentIdOf(sourceId, contract, String(receivedAt), body);
  return { letterId, partition, sourceId, contract, receivedAt, reason, body };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, REASON_LENGTH);
}

function rowsOf({ face, actor, reason, at, full }: Held): RunRow[] {
  const words = full
    ? `${reason} More than ${LIMITS.lettersPerJob} facts wait; no more are kept.`
    : reason;
  const unknown = {
    state: "unknown" as const,
    evidence: [{ code: "quarantined" as const, reason: words }],
  };
  const open = openRowsOf(actor);
  if (open.length > 0) return open.map((row) => ({ ...row, ...unknown }));
  const summary = emptySummary(standInId(face.jobId), face.jobId, "");
  summary.firstFactAt = at;
  summary.lastFactAt = at;
  return [
    { ...runRow(face, summary, { attempt: 1, clearedBy: null }, unknown, null), occurrence: true },
  ];
}

/** What is wrong with the job may also be wrong with its rows. */
function openRowsOf(actor: JobActor | null): readonly RunRow[] {
  try {
    return actor?.openRows() ?? [];
  } catch {
    return [];
  }
}

function standInId(jobId: string): string {
  return `quarantine-${jobId}`;
}
