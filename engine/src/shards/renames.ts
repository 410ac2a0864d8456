import type { JobActor } from "../jobs/job-actor.ts";
import { decodeSummary } from "../jobs/summary-codec.ts";
import type { BoardChange } from "../model/rows.ts";
import type { ToShard } from "./messages.ts";

type Reloaded = Extract<ToShard, { type: "reload" }>["jobs"][number];

/** Jobs that a rename concerns: one takes in the runs it got, another has become part of it and leaves. */
export class Renames {
  /** They go once everything of them is saved. */
  readonly #leaving = new Set<JobActor>();

  reload(actor: JobActor, { newestRuns }: Reloaded): JobActor {
    if (newestRuns === null) {
      actor.leave();
      this.#leaving.add(actor);
    } else actor.absorb(newestRuns.map(decodeSummary));
    return actor;
  }

  /** Those that may go now. */
  takeGone(): readonly JobActor[] {
    const gone = [...this.#leaving].filter((actor) => actor.unsaved === 0);
    for (const actor of gone) this.#leaving.delete(actor);
    return gone;
  }
}

/** Its runs are shown by the job that has them now; only what it said of itself is taken off the board. */
export function trendGone({ jobId, face }: JobActor): BoardChange {
  return { kind: "gone", key: `trend:${jobId}`, teamId: face.teamId };
}
