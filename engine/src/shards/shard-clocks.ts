import type { JobActor } from "../jobs/job-actor.ts";
import { DeadlineHeap } from "./deadline-heap.ts";
import type { ShardKnowledge } from "./shard-knowledge.ts";

/** A tick that comes later than this after the one before: the process stood still, ms [CLOCK-13]. */
const PAUSE_MS = 5_000;

/** When each job of a shard is judged, and up to when everything is known. */
export class ShardClocks {
  readonly #knowledge: ShardKnowledge;
  readonly #judged: (actor: JobActor, mustSave: boolean) => void;
  readonly #deadlines = new DeadlineHeap<JobActor>();
  /** Jobs that wait for a source to be heard of again. */
  readonly #waiting = new Set<JobActor>();
  #tickedAt: number | null = null;

  /** @param judged told of each job after it was judged, and whether it must be saved for it */
  constructor(knowledge: ShardKnowledge, judged: (actor: JobActor, mustSave: boolean) => void) {
    this.#knowledge = knowledge;
    this.#judged = judged;
  }

  get armed(): number {
    return this.#deadlines.size;
  }

  /** Everything received before `at` is known. Known time never runs back but with the clock itself [CLOCK-2]. */
  know(at: number): void {
    const known = this.#knowledge.knownUntil;
    if (known === null || at > known) this.#knowledge.knownUntil = at;
  }

  /**
   * Judges what is due. `known` is now while the shard has read everything, else the newest receipt it has read.
   * @returns whether the process stood still before this tick
   */
  tick(now: number, known: number): boolean {
    const before = this.#tickedAt;
    this.#tickedAt = now;
    if (before !== null && now < before) this.#knowledge.knownUntil = known;
    else this.know(known);
    const paused = before !== null && now - before > PAUSE_MS;
    if (paused) this.#knowledge.paused(before, now);
    this.#judgeDue();
    return paused;
  }

  judge(actor: JobActor): void {
    this.#judged(actor, actor.judge());
    this.arm(actor);
  }

  /** A deadline that moved away is found out when the old one is due; only a nearer one is armed at once. */
  arm(actor: JobActor): void {
    if (actor.nextAt < actor.armedAt) this.#deadlines.arm(actor, actor.nextAt);
    if (actor.waits) this.#waiting.add(actor);
    else this.#waiting.delete(actor);
  }

  judgeWaiting(sourceId: string): void {
    for (const actor of this.#waiting) if (actor.sourceId === sourceId) this.judge(actor);
  }

  forget(actor: JobActor): void {
    this.#deadlines.remove(actor);
    this.#waiting.delete(actor);
  }

  #judgeDue(): void {
    const now = this.#knowledge.knownUntil;
    if (now === null) return;
    // Taken out first: a job that is due again at once waits for the next tick instead of holding up this one.
    const due: JobActor[] = [];
    for (let one = this.#deadlines.takeDue(now); one !== null; one = this.#deadlines.takeDue(now)) {
      due.push(one);
    }
    for (const actor of due) this.judge(actor);
  }
}
