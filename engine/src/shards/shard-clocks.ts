import type { JobActor } from "../jobs/job-actor.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { Calendar } from "../model/schedule.ts";
import { DeadlineHeap } from "./deadline-heap.ts";
import type { ShardKnowledge } from "./shard-knowledge.ts";

/** A tick that comes later than this after the one before: the process stood still, ms [CLOCK-13]. */
const PAUSE_MS = 5_000;

export interface ShardClocksOptions {
  readonly jobs: ReadonlyMap<string, JobActor>;
  readonly knowledge: ShardKnowledge;
  /** A job was judged; `mustSave`: for what the clock changed of it. */
  readonly judged: (actor: JobActor, mustSave: boolean) => void;
  /** A job could not be judged: it cannot be followed. */
  readonly failed: (actor: JobActor, error: unknown) => void;
}

/** When each job of a shard is judged, up to when everything is known, and who is judged again when that changes. */
export class ShardClocks {
  readonly #options: ShardClocksOptions;
  readonly #deadlines = new DeadlineHeap<JobActor>();
  /** Jobs that wait for a source to be heard of again. */
  readonly #waiting = new Set<JobActor>();
  /** Jobs that facts have changed since deadlines were armed last. */
  readonly #changed = new Set<JobActor>();
  /** Jobs that are judged anew, whatever their deadlines. */
  readonly #anew = new Set<JobActor>();
  #tickedAt: number | null = null;

  constructor(options: ShardClocksOptions) {
    this.#options = options;
  }

  /** Everything received before `at` is known. Known time never runs back but with the clock itself [CLOCK-2]. */
  know(at: number): void {
    const { knowledge } = this.#options;
    if (knowledge.knownUntil === null || at > knowledge.knownUntil) knowledge.knownUntil = at;
  }

  /** A record is read that was received at `receivedAt`: its facts may be judged before the next tick. */
  read(receivedAt: number, now: number): void {
    this.#lookForPause(now);
    // A clock that was set back since makes receipts of the future: nothing is known of that time yet.
    this.know(Math.min(receivedAt, now));
  }

  /** Judges what is due. `known` is now while the shard has read everything, else the newest receipt it has read. */
  tick(now: number, known: number): void {
    const { knowledge } = this.#options;
    this.#lookForPause(now);
    const before = this.#tickedAt;
    this.#tickedAt = now;
    const { knownUntil } = knowledge;
    if ((before !== null && now < before) || (knownUntil !== null && now < knownUntil)) {
      // The clock was set back: what was judged by a time that is still to come is judged again.
      knowledge.knownUntil = known;
      knowledge.blind.setBack(now);
      this.#judgeEach(() => true);
    } else this.know(known);
    this.#armChanged();
    this.judgeSome();
    this.#judgeDue();
  }

  /** Nobody saw what happened in a pause: that is known before anything is judged by a time behind it [CLOCK-13]. */
  #lookForPause(now: number): void {
    const before = this.#tickedAt;
    if (before === null || now - before <= PAUSE_MS) return;
    this.#tickedAt = now;
    this.#options.knowledge.paused(before, now);
    for (const actor of this.#options.jobs.values()) if (actor.openRuns > 0) this.#anew.add(actor);
  }

  /** The journal is read: everything is judged for the first time, the first of it now. */
  begin(now: number): void {
    this.know(now);
    this.#judgeEach(() => true);
  }

  configure(settings: readonly JobSettings[]): void {
    const { jobs, knowledge } = this.#options;
    knowledge.configure(settings);
    for (const { jobId } of settings) {
      const actor = jobs.get(jobId);
      if (actor !== undefined) this.#judge(actor, () => actor.configured());
    }
  }

  setCalendars(calendars: readonly Calendar[]): void {
    const { knowledge } = this.#options;
    knowledge.setCalendars(calendars);
    this.#judgeEach((actor) => knowledge.settingsOf(actor.jobId)?.schedule != null);
  }

  setBlind(intervals: readonly BlindInterval[]): void {
    this.#options.knowledge.blind.put(intervals);
    this.#armChanged();
    const concerns = ({ sourceId }: JobActor) =>
      intervals.some((one) => one.sourceId === null || one.sourceId === sourceId);
    this.#judgeEach((actor) => concerns(actor) && actor.watched);
  }

  /** Something of the source was received, here or in another shard [CLOCK-8]. */
  contact(sourceId: string, at: number): void {
    if (!this.#options.knowledge.blind.contact(sourceId, at)) return;
    this.#armChanged();
    for (const actor of this.#waiting) if (actor.sourceId === sourceId) this.judge(actor);
  }

  /**
   * Judges some of those that are judged anew: all jobs of a shard at once would keep its thread so long that it seemed
   * to hang [SUP-3].
   */
  judgeSome(): void {
    let left: number = LIMITS.jobsJudgedAtOnce;
    for (const actor of this.#anew) {
      if (left-- === 0) return;
      this.judge(actor);
    }
  }

  /** Some are still to be judged anew. */
  get judgesAnew(): boolean {
    return this.#anew.size > 0;
  }

  judge(actor: JobActor): void {
    this.#anew.delete(actor);
    this.#judge(actor, () => actor.judge());
  }

  /** Facts changed it: its deadlines are armed before the next are judged, once for however many facts. */
  changed(actor: JobActor): void {
    this.#changed.add(actor);
  }

  /** A deadline that moved away is found out when the old one is due; only a nearer one is armed at once. */
  arm(actor: JobActor): void {
    if (actor.nextAt < actor.armedAt) this.#deadlines.arm(actor, actor.nextAt);
    if (actor.waits) this.#waiting.add(actor);
    else this.#waiting.delete(actor);
  }

  forget(actor: JobActor): void {
    this.#anew.delete(actor);
    this.#changed.delete(actor);
    this.#deadlines.remove(actor);
    this.#waiting.delete(actor);
  }

  #armChanged(): void {
    for (const actor of this.#changed) {
      this.#changed.delete(actor);
      try {
        this.arm(actor);
      } catch (error) {
        this.#options.failed(actor, error);
      }
    }
  }

  #judge(actor: JobActor, how: () => boolean): void {
    try {
      this.#options.judged(actor, how());
      this.arm(actor);
    } catch (error) {
      this.#options.failed(actor, error);
    }
  }

  #judgeEach(which: (actor: JobActor) => boolean): void {
    for (const actor of this.#options.jobs.values()) if (which(actor)) this.#anew.add(actor);
    this.judgeSome();
  }

  #judgeDue(): void {
    const now = this.#options.knowledge.knownUntil;
    if (now === null) return;
    // Taken out first: a job that is due again at once waits for the next tick instead of holding up this one.
    const due: JobActor[] = [];
    for (let one = this.#deadlines.takeDue(now); one !== null; one = this.#deadlines.takeDue(now)) {
      due.push(one);
    }
    for (const actor of due) this.judge(actor);
  }
}
