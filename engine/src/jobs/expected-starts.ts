import { contentIdOf } from "../model/ids.ts";
import type { JobSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import { type JobFace, occurrenceRow } from "./board-rows.ts";
import type { DueTimes, JobWorld } from "./job-world.ts";
import { judgeExpected, type Judgement } from "./judge.ts";
import type { RunLimit } from "./run-limits.ts";

/** An untaken occurrence shows from this long before its time, ms [SCHED-5]. */
const SHOWN_BEFORE_MS = 30 * 60_000;
/** …until this long after it, ms. */
const SHOWN_AFTER_MS = 24 * 3_600_000;
const NEVER = Number.POSITIVE_INFINITY;

/** What a run says that matters to a schedule. */
export interface Start {
  readonly orderedAt: number;
  readonly nominalAt: number | null;
}

export interface ExpectedContext {
  readonly settings: JobSettings | null;
  readonly world: JobWorld;
  readonly sourceId: string;
  readonly startGrace: RunLimit;
  readonly runs: readonly Start[];
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

  get waits(): boolean {
    for (const { judgement } of this.#shown.values()) if (judgement.waits) return true;
    return false;
  }

  /** Returns when to judge again, epoch ms. */
  judge(context: ExpectedContext): number {
    const now = context.world.knownUntil;
    if (now === null) return NEVER;
    const due = dueTimesOf(context);
    const shown = new Map<number, Shown>();
    let nextAt = NEVER;
    if (due !== null) {
      nextAt = (due.times.next(now + SHOWN_BEFORE_MS) ?? NEVER) - SHOWN_BEFORE_MS;
      for (const at of untaken(due.times, due.since, now, context.runs)) {
        const judgement = judgeExpected(at, false, { ...context, now, blind: context.world.blind });
        const id = this.#shown.get(at)?.id ?? occurrenceIdOf(this.#jobId, at);
        shown.set(at, { id, judgement });
        nextAt = Math.min(nextAt, judgement.nextAt, at + SHOWN_AFTER_MS);
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
function dueTimesOf({
  settings,
  world,
}: ExpectedContext): { readonly times: DueTimes; readonly since: number } | null {
  if (settings === null || settings.schedule === null) return null;
  if (!settings.monitored || settings.lifecycle === "RETIRED") return null;
  const times = world.dueTimes(settings.schedule);
  return times === null ? null : { times, since: settings.schedule.since };
}

/** The newest occurrences around `now` that no run has taken, ascending. */
function untaken(
  times: DueTimes,
  since: number,
  now: number,
  runs: readonly Start[],
): readonly number[] {
  const upcoming = times.next(now);
  const following = upcoming === null ? null : times.next(upcoming);
  const intervalMs =
    upcoming === null || following === null ? SHOWN_AFTER_MS : following - upcoming;
  const lookBackMs = Math.min(SHOWN_AFTER_MS, intervalMs * LIMITS.occurrencesShown);
  const from = Math.max(since, now - lookBackMs) - 1;
  const slots = times.between(from, now + SHOWN_BEFORE_MS, 4 * LIMITS.occurrencesShown);
  const taken = takenOf(slots, times.next(now + SHOWN_BEFORE_MS), runs);
  return slots.filter((at) => !taken.has(at)).slice(-LIMITS.occurrencesShown);
}

/** A run may begin this much before the occurrence it takes, at most, ms. */
const EARLY_MS = 15 * 60_000;

/** Occurrences taken by a run that states their time, else by one that began around them [SCHED-5]. */
function takenOf(
  slots: readonly number[],
  after: number | null,
  runs: readonly Start[],
): ReadonlySet<number> {
  const known = new Set(slots);
  const opensAt = slots.map((at, index) => {
    const intervalMs = Math.abs(at - (slots[index - 1] ?? slots[index + 1] ?? after ?? at));
    return at - Math.min(EARLY_MS, intervalMs / 4);
  });
  const taken = new Set<number>();
  for (const { orderedAt, nominalAt } of runs) {
    if (nominalAt !== null && known.has(nominalAt)) {
      taken.add(nominalAt);
      continue;
    }
    const index = opensAt.findLastIndex((opens) => opens <= orderedAt);
    const at = slots[index];
    const closesAt = slots[index + 1] ?? after ?? NEVER;
    if (at !== undefined && orderedAt < closesAt) taken.add(at);
  }
  return taken;
}
