import type { RunListItem, RunRow } from "@batchwatch/engine";

/** Facts of one run: a start, so much progress, an end. */
const PROGRESS_PER_RUN = 3;
const WRITTEN_PER_PROGRESS = 10;
const NAMESPACE = "bench";

interface Told {
  started: boolean;
  ended: boolean;
  /** Furthest counter. */
  written: number;
}

interface RunEntry {
  readonly runKey: string;
  readonly job: number;
  readonly sent: Told;
  readonly acknowledged: Told;
}

interface SentFact {
  readonly run: RunEntry;
  readonly kind: "started" | "progress" | "succeeded";
  readonly written: number;
}

/** One request, and what it says. Sent again it says the same. */
export interface LedgerRequest {
  readonly body: string;
  readonly facts: readonly SentFact[];
}

/** What was lost of what the server acknowledged, and what it shows that nobody sent, or twice. */
export interface Verdict {
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicates: number;
}

/** Writes down what was sent and what was acknowledged, and compares it with what the server shows. */
export class Ledger {
  readonly #open: (RunEntry & { left: number })[];
  readonly #runs = new Map<string, RunEntry>();
  #next = 0;
  #acknowledged = 0;

  constructor(jobs: number) {
    this.#open = Array.from({ length: jobs }, (_, job) => this.#begin(job, 0));
  }

  /** @param now epoch milliseconds; a later call must not give an earlier one */
  next(members: number, now: number): LedgerRequest {
    const at = new Date(now).toISOString();
    const facts = Array.from({ length: members }, () => this.#fact());
    const observations = facts.map(({ run, kind, written }) => ({
      job: { namespace: NAMESPACE, name: jobName(run.job) },
      run: { id: run.runKey },
      kind,
      at,
      ...(kind === "started" ? {} : { progress: { done: written }, counters: { written } }),
    }));
    return { body: JSON.stringify(observations), facts };
  }

  acknowledge({ facts }: LedgerRequest): void {
    for (const fact of facts) tell(fact.run.acknowledged, fact);
    this.#acknowledged += facts.length;
  }

  /** Jobs whose newest acknowledged run is not among the rows as far as it was acknowledged. */
  missingOf(rows: readonly RunRow[]): number {
    const shown = new Map(rows.map((row) => [row.runKey, row]));
    const newest = new Map<number, RunEntry>();
    for (const run of this.#runs.values()) if (run.acknowledged.started) newest.set(run.job, run);
    let missing = 0;
    for (const { runKey, acknowledged } of newest.values()) {
      const row = shown.get(runKey);
      const ended = row !== undefined && row.endedAt !== null;
      const done = row?.progress?.done ?? 0;
      if (row === undefined || done < acknowledged.written || (acknowledged.ended && !ended)) {
        missing += 1;
      }
    }
    return missing;
  }

  /** @param items every run that the server lists */
  verdict(items: readonly RunListItem[]): Verdict {
    const listed = new Map<string, RunListItem>();
    let duplicates = 0;
    for (const item of items) {
      const run = this.#runs.get(item.runKey);
      if (listed.has(item.runKey) || run === undefined || saysMore(item, run.sent)) duplicates += 1;
      listed.set(item.runKey, item);
    }
    let lost = 0;
    for (const { runKey, acknowledged } of this.#runs.values()) {
      lost += lostOf(acknowledged, listed.get(runKey));
    }
    return { acknowledged: this.#acknowledged, lost, duplicates };
  }

  #fact(): SentFact {
    const job = this.#next;
    this.#next = job + 1 === this.#open.length ? 0 : job + 1;
    let run = this.#open[job];
    if (run === undefined || run.sent.ended) {
      run = this.#begin(job, this.#runs.size);
      this.#open[job] = run;
    }
    const fact = nextFactOf(run);
    if (fact.kind === "progress") run.left -= 1;
    if (!this.#runs.has(run.runKey)) this.#runs.set(run.runKey, run);
    tell(run.sent, fact);
    return fact;
  }

  #begin(job: number, number: number): RunEntry & { left: number } {
    const nothing = (): Told => ({ started: false, ended: false, written: 0 });
    return {
      runKey: `run-${job}-${number}`,
      job,
      left: PROGRESS_PER_RUN,
      sent: nothing(),
      acknowledged: nothing(),
    };
  }
}

function nextFactOf(run: RunEntry & { readonly left: number }): SentFact {
  const { written, started } = run.sent;
  if (!started) return { run, kind: "started", written };
  if (run.left === 0) return { run, kind: "succeeded", written };
  return { run, kind: "progress", written: written + WRITTEN_PER_PROGRESS };
}

function tell(told: Told, fact: SentFact): void {
  if (fact.kind === "started") told.started = true;
  if (fact.kind === "succeeded") told.ended = true;
  told.written = Math.max(told.written, fact.written);
}

function lostOf(acknowledged: Told, item: RunListItem | undefined): number {
  let lost = 0;
  if (acknowledged.started && (item?.startedAt ?? null) === null) lost += 1;
  if (acknowledged.written > (item?.rowsWritten ?? 0)) lost += 1;
  if (acknowledged.ended && (item?.endedAt ?? null) === null) lost += 1;
  return lost;
}

function saysMore(item: RunListItem, sent: Told): boolean {
  return (item.rowsWritten ?? 0) > sent.written || (item.endedAt !== null && !sent.ended);
}

function jobName(job: number): string {
  return `crash-${String(job).padStart(5, "0")}`;
}
