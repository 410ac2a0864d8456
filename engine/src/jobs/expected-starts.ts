import type { AlertLevel } from "../model/alert.ts";
import { contentIdOf } from "../model/ids.ts";
import type { JobSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import { begun } from "./alert-levels.ts";
import { type JobFace, occurrenceRow } from "./board-rows.ts";
import type { Occurrences } from "../schedule/occurrences.ts";
import { slotToleranceMs, type Taker, takersOf } from "../schedule/takers.ts";
import type { JobWorld } from "./job-world.ts";
import { judgeExpected, type Judgement } from "./judge.ts";
import { MissedStarts, type MissedSlots } from "./missed-starts.ts";
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
  /** How often these changed. */
  readonly runsChanged: number;
  /** Something is expected of the job: it is monitored, not retired and not part of another. */
  readonly watched: boolean;
  /** When a run that is in memory in full began in truth; null while it has not. Epoch ms. */
  readonly begunAtOf: (executionId: string) => number | null | undefined;
}

interface LookedAt {
  readonly times: Occurrences | null;
  readonly runsChanged: number;
  readonly graceMs: number;
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
  /** Memory was rebuilt: any slot may have been said to be missed. */
  #unsure: boolean;
  /** By what the missed slots that no longer show were looked at last. */
  #lookedAt: LookedAt | null = null;

  /** @param missed what was said of them before; null: not known */
  constructor(jobId: string, missed: MissedSlots | null) {
    this.#jobId = jobId;
    this.#missed = new MissedStarts(missed ?? []);
    this.#unsure = missed === null;
  }

  /** Levels of them that a unit must say. */
  get due(): number {
    return this.#missed.due;
  }

  get missed(): MissedSlots {
    return this.#missed.said;
  }

  /** One shows. */
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
    let slots: readonly Slot[] = [];
    const shown = new Map<number, Shown>();
    let nextAt = NEVER;
    if (times !== null) {
      nextAt = (times.next(now + SHOWN_BEFORE_MS) ?? NEVER) - SHOWN_BEFORE_MS;
      slots = slotsAround(times, { ...context, now });
      for (const at of untaken(slots, now - context.startGrace.ms)) {
        const judgement = judgeExpected(at, false, { ...context, now, blind: context.world.blind });
        const id = this.#shown.get(at)?.id ?? occurrenceIdOf(this.#jobId, at);
        shown.set(at, { id, judgement });
        const leavesAt = at + context.startGrace.ms + SHOWN_AFTER_MS;
        nextAt = Math.min(nextAt, judgement.nextAt, leavesAt);
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

  /** Rows of them changed since they were taken. */
  get rowsDue(): boolean {
    return this.#rowsDue.size + this.#gone.size > 0;
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
    const { runsChanged, watched, startGrace } = context;
    this.#missed.begin(this.#shown);
    if (this.#unsure) {
      this.#unsure = false;
      for (const at of perhapsMissed(times, now - startGrace.ms)) this.#missed.perhaps(at);
    }
    for (const [at, { judgement }] of this.#shown) {
      const { state, since, evidence } = judgement;
      if (state === "late" && since !== null) {
        this.#missed.judged(at, { holds: true, since }, evidence);
      } else if (state === "scheduled") {
        this.#missed.judged(at, { holds: false, since: now, ending: "retracted" });
      }
    }
    this.#missed.bound(now);
    const before = this.#lookedAt;
    this.#lookedAt = { times, runsChanged, graceMs: startGrace.ms };
    const asBefore =
      before?.times === times &&
      before.runsChanged === runsChanged &&
      before.graceMs === startGrace.ms;
    if (asBefore && watched) return;
    for (const at of this.#missed.slots) {
      if (!watched) this.#missed.judged(at, { holds: false, since: now, ending: "retired" });
      else if (!this.#shown.has(at)) this.#judgeGone(at, { ...context, now }, times, slots);
    }
  }

  /**
   * A slot that was said to be missed, or is to be, and shows no more: taken, or not expected any more or not yet, or only
   * pushed off the board. Where nobody can tell any more whether a run took it, nothing is expected of it any more.
   */
  #judgeGone(
    at: number,
    { runs, startGrace, begunAtOf, now }: ExpectedContext & { readonly now: number },
    times: Occurrences | null,
    slots: readonly Slot[],
  ): void {
    const deadline = at + startGrace.ms;
    if (times?.next(at - 1) !== at || now < deadline) {
      const since = Math.min(now, deadline);
      this.#missed.judged(at, { holds: false, since, ending: "retracted" });
      return;
    }
    const slot = slots.find((one) => one.at === at);
    const taker = slot === undefined ? takerOfSlot(times, at, runs) : slot.taker;
    if (taker === null) {
      if (at > rememberedSince(runs)) return;
      this.#missed.judged(at, { holds: false, since: now, ending: "retired" });
      return;
    }
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
function occurrenceIdOf(jobId: string, at: number): string {
  return contentIdOf("occurrence", jobId, String(at));
}

/** Null where nothing is due: no schedule, retired, not monitored [SCHED-6, CLOCK-10]. */
function timesOf({ settings, world, watched }: ExpectedContext): Occurrences | null {
  if (!watched || settings === null || settings.schedule === null) return null;
  return world.occurrencesOf(settings.schedule);
}

interface Slot {
  readonly at: number;
  readonly taker: Taker | null;
}

function isUntaken({ taker }: Slot): boolean {
  return taker === null;
}

/**
 * The occurrences around `now` and who took them, ascending and without gaps: of those past their grace the newest, of
 * the others the next ones. What lies before the oldest remembered run is not among them.
 */
function slotsAround(
  times: Occurrences,
  { startGrace, runs, now }: Pick<ExpectedContext, "startGrace" | "runs"> & { now: number },
): readonly Slot[] {
  const most = LIMITS.occurrencesShown;
  const dueUntil = now - startGrace.ms;
  const since = Math.max(dueUntil - SHOWN_AFTER_MS, rememberedSince(runs));
  const due = newestOf(times, since, dueUntil, most);
  const from = Math.max(dueUntil, since);
  const slots = [...due, ...times.between(from, now + SHOWN_BEFORE_MS, 4 * most)];
  const bounds = { before: null, after: times.next(slots.at(-1) ?? now) };
  const takers = takersOf(slots, runs.map(takerOf), bounds);
  return slots.map((at, index) => ({ at, taker: takers[index] ?? null }));
}

/** Those that show: however many are to come, one that is late does. */
function untaken(slots: readonly Slot[], dueUntil: number): readonly number[] {
  const most = LIMITS.occurrencesShown;
  const left = slots.filter(isUntaken).map(({ at }) => at);
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

/** Who took an occurrence up to this is forgotten: more runs began since than a job remembers. */
function rememberedSince(runs: readonly RunDigest[]): number {
  const oldest = runs.length < LIMITS.digestsPerJob ? undefined : runs.at(-1);
  return oldest === undefined ? 0 : oldest.orderedAt + slotToleranceMs(Infinity);
}

/** What may have been said to be missed while its time was looked at, whether it shows or not. */
function perhapsMissed(times: Occurrences | null, dueUntil: number): readonly number[] {
  if (times === null) return [];
  return newestOf(times, dueUntil - SHOWN_AFTER_MS, dueUntil, LIMITS.missedStartsRemembered);
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
