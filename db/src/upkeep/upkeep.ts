import {
  type ApprovalStore,
  leastDaysOf,
  type PrunedPiece,
  type PruneStep,
  RETAINED_KINDS,
  type RetainedKind,
  type UpkeepStore,
} from "@batchwatch/engine";
import { DB_LIMITS } from "../schema/limits.ts";

const DAY_MS = 86_400_000;

export interface UpkeepOptions {
  readonly stores: {
    readonly upkeep: UpkeepStore;
    readonly approvals: Pick<ApprovalStore, "retention">;
  };
  /** How long what is kept, by the host's settings; what people set goes before it. */
  readonly days: Readonly<Record<RetainedKind, number>>;
  readonly now: () => number;
  /** Resolves after so many ms: others use the store meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Rows of each kind that were removed, and people whose names were. */
export interface UpkeepReport extends Readonly<Record<RetainedKind | "own" | "erased", number>> {
  /** The clock is not believed: nothing was taken for old. */
  readonly held: boolean;
}

/** Removes what is older than it is to be kept, piece by piece, wherever the store is. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #stopped = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** A pass ends with the piece that is under way. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Once through everything; answers what it removed. What fails is left for the next pass and does not keep the rest from its
   * turn: the first failure is thrown at the end. Where it is not known what people set, or the clock is not believed, nothing is removed:
   * what is gone is gone.
   */
  async pass(): Promise<UpkeepReport> {
    const { stores, days, now } = this.#options;
    const report = { erased: 0, own: 0, audit: 0, incidents: 0, notifications: 0, runs: 0 };
    const failures: unknown[] = [];
    if (this.#stopped) return { ...report, held: false };
    try {
      report.erased = await stores.upkeep.erase(now());
    } catch (error) {
      failures.push(error);
    }
    const at = now();
    if (!(await stores.upkeep.trustsClock(at))) {
      if (failures.length > 0) throw failures[0];
      return { ...report, held: true };
    }
    const set = await stores.approvals.retention();
    const clear = async (
      what: Exclude<keyof UpkeepReport, "erased" | "held">,
      kept: number,
      prune: (step: PruneStep) => Promise<PrunedPiece>,
    ) => {
      try {
        for await (const removed of this.#pieces(prune, at - kept * DAY_MS)) {
          report[what] += removed;
        }
      } catch (error) {
        failures.push(error);
      }
    };
    await clear("own", DB_LIMITS.ownKeptDays, (step) => stores.upkeep.pruneOwn(step));
    for (const what of RETAINED_KINDS) {
      // Also what was set by a version that did not know the least.
      const kept = Math.max(leastDaysOf(what), set[what] ?? days[what]);
      const setBy = set[what] === undefined ? "host" : "approved-change";
      await clear(what, kept, (step) =>
        stores.upkeep.prune(what, { ...step, rule: { days: kept, setBy } }),
      );
    }
    if (failures.length > 0) throw failures[0];
    return { ...report, held: false };
  }

  async *#pieces(
    prune: (step: PruneStep) => Promise<PrunedPiece>,
    before: number,
  ): AsyncGenerator<number> {
    const { now, pause } = this.#options;
    let after: string | null = null;
    for (let piece = 0; piece < DB_LIMITS.piecesPerPass; piece += 1) {
      if (this.#stopped) return;
      const step = { before, now: now(), limit: DB_LIMITS.pruneRows, after };
      const done: PrunedPiece = await prune(step);
      yield done.removed;
      after = done.next;
      if (after === null) return;
      await pause(DB_LIMITS.prunePauseMs);
    }
  }
}
