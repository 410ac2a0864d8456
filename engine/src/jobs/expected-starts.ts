import type { AlertLevel } from "../model/alert.ts";
import { contentIdOf } from "../model/ids.ts";
import type { JobSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import { begun } from "./alert-levels.ts";
import { type JobFace, occurrenceRow } from "./board-rows.ts";
import type { Occurrences } from "../schedule/occurrences.ts";
import { type Taker, takersOf } from "../schedule/takers.ts";
import type { JobWorld } from "./job-world.ts";
import { judgeExpected, type Judgement } from "./judge.ts";
import { MissedStarts, type MissedSlots } from "./missed-starts.ts";
import type { RunDigest } from "./run-digest.ts";
import type { RunLimit } from "./run-limits.ts";

/** An untaken occurrence shows from this long before its time, ms [SCHED-5]. */
const SHOWN_BEFORE_MS = 30 * 60_000;
/** …until this long after it, ms. */
const SHOWN_AFTER_MS = 24 * 3_600_000;
const NEVER = Number.POSITIVE_INFINITY;

export interface ExpectedContext {
  readonly settings: JobSettings | null;
  readonly world: JobWorld;
  readonly sourceId: string;
  readonly startGrace: RunLimit;
  readonly runs: readonly RunDigest[];
  /** Something is expected of the job: it is monitored, not retired and not part of another. */
  readonly watched: boolean;
  /** When a run that is in memory in full began in truth; null while it has not. Epoch ms. */
  readonly begunAtOf: (executionId: string) => number | null | undefined;
}

interface Shown {
  readonly id: string;
  readonly judgement: Judgement;
}

/**
 * The occurrences that a job's schedule expects and no run has taken. Of them only those that were said to be missed
 * are stored: schedule, runs and `now` say all the rest, so a restart shows the same.
 */
export class ExpectedStarts {
  readonly #jobId: string;
  #shown: ReadonlyMap<number, Shown> = new Map();
  readonly #rowsDue = new Set<number>();
  readonly #gone = new Map<number, string>();
  readonly #missed: MissedStarts;
  /** Memory was rebuilt: any slot that a run took may have been said to be missed. */
  #unsure: boolean;
  /** By what the missed slots that no longer show were looked at last. */
  #lookedAt: { readonly times: Occurrences | null; readonly runs: readonly RunDigest[] } | null =
    null;

  /** @param missed what was said of them before; null: not known */
  constructor(jobId: string, missed: MissedSlots | null) {
    this.#jobId = jobId;
    this.#missed = new MissedStarts(missed ?? []);
    this.#unsure = missed === null;
  }

  /** A unit must say something of them. */
  get due(): boolean {
    return this.#missed.due;
  }

  get missed(): MissedSlots {
    return this.#missed.said;
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
    let slots: readonly Slot[] = [];
    const shown = new Map<number, Shown>();
    let nextAt = NEVER;
    if (times !== null) {
      nextAt = (times.next(now + SHOWN_BEFORE_MS) ?? NEVER) - SHOWN_BEFORE_MS;
      const shownAfterMs = shownAfter(times, now);
      slots = slotsAround(times, now, shownAfterMs, context.runs);
      for (const { at } of slots.filter(isUntaken).slice(-LIMITS.occurrencesShown)) {
        const judgement = judgeExpected(at, false, { ...context, now, blind: context.world.blind });
        const id = this.#shown.get(at)?.id ?? occurrenceIdOf(this.#jobId, at);
        shown.set(at, { id, judgement });
        nextAt = Math.min(nextAt, judgement.nextAt, at + shownAfterMs);
      }
    }
    this.#show(shown);
    this.#judgeMissed(context, now, times, slots);
    return nextAt;
  }

  takeLevels(face: JobFace, sourceId: string): AlertLevel[] {
    return this.#missed.take(face, sourceId, (at) => this.#idOf(at));
  }

  /** The unit with the levels taken last was not saved. */
  restoreLevels(): void {
    this.#missed.restore();
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

  /** All of them are shown again. `said`: what was said of them too, because the job's name or owner changed. */
  refresh(said: boolean): void {
    for (const at of this.#shown.keys()) this.#rowsDue.add(at);
    if (said) this.#missed.again();
  }

  #idOf(at: number): string {
    return this.#shown.get(at)?.id ?? occurrenceIdOf(this.#jobId, at);
  }

  /** [ALERT-4] */
  #judgeMissed(
    context: ExpectedContext,
    now: number,
    times: Occurrences | null,
    slots: readonly Slot[],
  ): void {
    this.#missed.begin();
    if (this.#unsure) {
      this.#unsure = false;
      for (const slot of slots) if (!isUntaken(slot)) this.#missed.perhaps(slot.at);
    }
    for (const [at, { judgement }] of this.#shown) {
      const { state, since, evidence } = judgement;
      if (state === "late" && since !== null) {
        this.#missed.judged(at, { holds: true, since }, evidence);
      } else if (state === "scheduled") {
        this.#missed.judged(at, { holds: false, since: now, ending: "retracted" });
      }
    }
    const { runs, watched } = context;
    const asBefore = this.#lookedAt?.times === times && this.#lookedAt.runs === runs;
    if (asBefore && watched) return;
    this.#lookedAt = { times, runs };
    for (const at of this.#missed.slots) {
      if (!watched) this.#missed.judged(at, { holds: false, since: now, ending: "retired" });
      else if (!this.#shown.has(at)) this.#judgeGone(at, context, times, slots);
    }
  }

  /** A slot that was said to be missed and shows no more: taken, or not expected any more, or only long ago. */
  #judgeGone(
    at: number,
    { runs, startGrace, begunAtOf }: ExpectedContext,
    times: Occurrences | null,
    slots: readonly Slot[],
  ): void {
    const deadline = at + startGrace.ms;
    if (times?.next(at - 1) !== at) {
      this.#missed.judged(at, { holds: false, since: deadline, ending: "retracted" });
      return;
    }
    const slot = slots.find((one) => one.at === at);
    const taker = slot === undefined ? takerOfSlot(times, at, runs) : slot.taker;
    if (taker === null) return;
    const begunAt = begunAtOf(taker.executionId);
    // A run that is only announced is judged itself from now on.
    const since = begunAt === undefined ? (taker.startedAt ?? at) : (begunAt ?? at);
    this.#missed.judged(at, begun(since, deadline));
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
function timesOf({ settings, world, watched }: ExpectedContext): Occurrences | null {
  if (!watched || settings === null || settings.schedule === null) return null;
  return world.occurrencesOf(settings.schedule);
}

/** How long an untaken occurrence stays: a day, or less where more than LIMITS.occurrencesShown would stand there. */
function shownAfter(times: Occurrences, now: number): number {
  const upcoming = times.next(now);
  const following = upcoming === null ? null : times.next(upcoming);
  if (upcoming === null || following === null) return SHOWN_AFTER_MS;
  return Math.min(SHOWN_AFTER_MS, (following - upcoming) * LIMITS.occurrencesShown);
}

interface Slot {
  readonly at: number;
  readonly taker: Taker | null;
}

function isUntaken({ taker }: Slot): boolean {
  return taker === null;
}

/** The occurrences around `now` and who took them, ascending. */
function slotsAround(
  times: Occurrences,
  now: number,
  shownAfterMs: number,
  runs: readonly RunDigest[],
): readonly Slot[] {
  const to = now + SHOWN_BEFORE_MS;
  const slots = times.between(now - shownAfterMs, to, 4 * LIMITS.occurrencesShown);
  const bounds = { before: null, after: times.next(to) };
  const takers = takersOf(slots, runs.map(takerOf), bounds);
  return slots.map((at, index) => ({ at, taker: takers[index] ?? null }));
}

/** The run that took an occurrence which shows no more. */
function takerOfSlot(times: Occurrences, at: number, runs: readonly RunDigest[]): Taker | null {
  const following = times.next(at);
  const slots = following === null ? [at] : [at, following];
  const after = following === null ? null : times.next(following);
  return takersOf(slots, runs.map(takerOf), { before: null, after })[0] ?? null;
}

function takerOf({ executionId, orderedAt, nominalAt }: RunDigest): Taker {
  return { executionId, startedAt: orderedAt, nominalAt };
}
