import { contentIdOf } from "../model/ids.ts";
import type { JobSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import { type JobFace, occurrenceRow } from "./board-rows.ts";
import type { Occurrences } from "../schedule/occurrences.ts";
import { slotToleranceMs, type Taker, takersOf } from "../schedule/takers.ts";
import type { JobWorld } from "./job-world.ts";
import { judgeExpected, type Judgement } from "./judge.ts";
import type { RunDigest } from "./run-digest.ts";
import type { RunLimit } from "./run-limits.ts";

/** An untaken occurrence shows from this long before its time, ms [SCHED-5]. */
const SHOWN_BEFORE_MS = 30 * 60_000;
/** …until it has been late for this long, ms. */
const SHOWN_AFTER_MS = 24 * 3_600_000;
const NEVER = Number.POSITIVE_INFINITY;

export interface ExpectedContext {
  readonly settings: JobSettings | null;
  readonly world: JobWorld;
  readonly sourceId: string;
  readonly startGrace: RunLimit;
  readonly runs: readonly RunDigest[];
}

interface Shown {
  readonly id: string;
  readonly judgement: Judgement;
}

/**
 * The occurrences that a job's schedule expects and no run has taken. Nothing of them is stored: schedule, runs
 * and `now` say all of it, so a restart shows the same.
 */
export class ExpectedStarts {
  readonly #jobId: string;
  #shown: ReadonlyMap<number, Shown> = new Map();
  readonly #rowsDue = new Set<number>();
  readonly #gone = new Map<number, string>();

  constructor(jobId: string) {
    this.#jobId = jobId;
  }

  get some(): boolean {
    return this.#shown.size > 0;
  }

  get waits(): boolean {
    for (const { judgement } of this.#shown.values()) if (judgement.waits) return true;
    return false;
  }

  /** Returns when to judge again, epoch ms. */
  judge(context: ExpectedContext): number {
    const now = context.world.knownUntil;
    if (now === null) return NEVER;
    const times = timesOf(context);
    const shown = new Map<number, Shown>();
    let nextAt = NEVER;
    if (times !== null) {
      nextAt = (times.next(now + SHOWN_BEFORE_MS) ?? NEVER) - SHOWN_BEFORE_MS;
      for (const at of untaken(times, { ...context, now })) {
        const judgement = judgeExpected(at, false, { ...context, now, blind: context.world.blind });
        const id = this.#shown.get(at)?.id ?? occurrenceIdOf(this.#jobId, at);
        shown.set(at, { id, judgement });
        const leavesAt = at + context.startGrace.ms + SHOWN_AFTER_MS;
        nextAt = Math.min(nextAt, judgement.nextAt, leavesAt);
      }
    }
    this.#show(shown);
    return nextAt;
  }

  takeRows(face: JobFace, usualMs: number | null): BoardChange[] {
    const rows: BoardChange[] = [];
    for (const id of this.#gone.values()) {
      rows.push({ kind: "gone", key: `run:${id}`, teamId: face.teamId });
    }
    for (const at of this.#rowsDue) {
      const one = this.#shown.get(at);
      if (one !== undefined) rows.push(occurrenceRow(face, one.id, at, one.judgement, usualMs));
    }
    this.#gone.clear();
    this.#rowsDue.clear();
    return rows;
  }

  /** All of them are shown again: the job's name or owner changed. */
  refresh(): void {
    for (const at of this.#shown.keys()) this.#rowsDue.add(at);
  }

  #show(shown: ReadonlyMap<number, Shown>): void {
    for (const [at, { id }] of this.#shown) if (!shown.has(at)) this.#gone.set(at, id);
    for (const [at, { judgement }] of shown) {
      this.#gone.delete(at);
      if (this.#shown.get(at)?.judgement.state !== judgement.state) this.#rowsDue.add(at);
    }
    this.#shown = shown;
  }
}

/** Id of a slot, as long as nobody has taken it. */
export function occurrenceIdOf(jobId: string, at: number): string {
  return contentIdOf("occurrence", jobId, String(at));
}

/** Null where nothing is due: no schedule, retired, not monitored [SCHED-6, CLOCK-10]. */
function timesOf({ settings, world }: ExpectedContext): Occurrences | null {
  if (settings === null || settings.schedule === null) return null;
  if (!settings.monitored || settings.lifecycle === "RETIRED") return null;
  return world.occurrencesOf(settings.schedule);
}

/**
 * The occurrences around `now` that no run has taken, ascending: of those past their grace the newest, of the others
 * the next ones, so that however many are to come, one that is late shows.
 */
function untaken(
  times: Occurrences,
  { startGrace, runs, now }: Pick<ExpectedContext, "startGrace" | "runs"> & { now: number },
): readonly number[] {
  const most = LIMITS.occurrencesShown;
  const dueUntil = now - startGrace.ms;
  const since = Math.max(dueUntil - SHOWN_AFTER_MS, rememberedSince(runs));
  const due = newestOf(times, since, dueUntil, most);
  const from = Math.max(dueUntil, since);
  const slots = [...due, ...times.between(from, now + SHOWN_BEFORE_MS, 4 * most)];
  const bounds = { before: null, after: times.next(slots.at(-1) ?? now) };
  const takers = takersOf(slots, runs.map(takerOf), bounds);
  const left = slots.filter((_at, index) => takers[index] === null);
  const waiting = left.filter((at) => at > dueUntil).slice(0, most / 2);
  return [...left.filter((at) => at <= dueUntil).slice(waiting.length - most), ...waiting];
}

/** The newest occurrences after `from` up to and at `to`, ascending; where there are very many, those of the newer half first. */
function newestOf(times: Occurrences, from: number, to: number, most: number): readonly number[] {
  const found = times.between(from, to, 4 * most);
  if (found.length < 4 * most) return found.slice(-most);
  const middle = Math.floor((from + to) / 2);
  const newer = newestOf(times, middle, to, most);
  if (newer.length === most) return newer;
  return [...newestOf(times, from, middle, most - newer.length), ...newer];
}

/** Who took an occurrence before this is forgotten: more runs began since than a job remembers. */
function rememberedSince(runs: readonly RunDigest[]): number {
  const oldest = runs.length < LIMITS.digestsPerJob ? undefined : runs.at(-1);
  return oldest === undefined ? 0 : oldest.orderedAt + slotToleranceMs(Infinity);
}

function takerOf({ executionId, orderedAt, nominalAt }: RunDigest): Taker {
  return { executionId, startedAt: orderedAt, nominalAt };
}
