import { LIMITS } from "../model/limits.ts";
import { begunAtOf } from "./alert-levels.ts";
import { isOpen, type LiveRun, liveRun } from "./live-run.ts";
import { emptySummary } from "./run-summary.ts";

/** The runs of one job that are in memory, by id, and which of them a unit must say. */
export class LiveRuns extends Map<string, LiveRun> {
  /** Nearly every fact is of the run that the one before was of. */
  #last: LiveRun | null = null;
  #unsaved = 0;

  /** How many changed since they were in a unit. */
  get unsaved(): number {
    return this.#unsaved;
  }

  /** How many have begun and not ended. Asked of every job each second. */
  get underWay(): number {
    let count = 0;
    for (const run of this.values()) if (run.summary.active && isOpen(run)) count += 1;
    return count;
  }

  /** Some of them have not ended. */
  get someOpen(): boolean {
    for (const run of this.values()) if (isOpen(run)) return true;
    return false;
  }

  /** Some of them cannot be judged before their source is heard of. */
  get waiting(): boolean {
    for (const { judgement } of this.values()) if (judgement.waits) return true;
    return false;
  }

  /** When a run began in truth; null: it has not, undefined: memory has not all of it. Epoch ms. */
  begunAtOf(executionId: string): number | null | undefined {
    const run = this.get(executionId);
    return run === undefined || !run.complete ? undefined : begunAtOf(run.summary);
  }

  /** The run that a fact is of. */
  of(executionId: string): LiveRun | undefined {
    const last = this.#last;
    if (last !== null && last.summary.executionId === executionId) return last;
    const run = this.get(executionId);
    if (run !== undefined) this.#last = run;
    return run;
  }

  /** Puts it in the place of what is known of it; what was to be shown and saved of that still is. */
  put(run: LiveRun): void {
    const { executionId } = run.summary;
    const before = this.get(executionId);
    run.unsaved = before?.unsaved ?? false;
    run.rowDue = before?.rowDue ?? false;
    this.#last = null;
    this.set(executionId, run);
  }

  /** Gets a forgotten run back: an amendment that says nothing is answered with all of it. */
  recall(executionId: string, jobId: string): void {
    const run = liveRun({ summary: emptySummary(executionId, jobId, ""), complete: false });
    this.put(run);
    this.mustSave(run);
  }

  /** A run that is to be saved never goes. */
  forget(executionId: string): void {
    this.#last = null;
    this.delete(executionId);
  }

  /** Lets those go that memory need not hold: the store has them, and enough newer ones stay. Answers their ids. */
  forgetEnded(): readonly string[] {
    if (this.size <= LIMITS.endedRunsInMemory) return [];
    const settled = [...this.values()]
      .filter(({ complete, unsaved, rowDue }) => complete && !unsaved && !rowDue)
      .map(({ summary }) => summary)
      .sort((a, b) => b.lastFactAt - a.lastFactAt);
    const ended = settled.filter((summary) => summary.end !== null);
    const open = settled.filter((summary) => summary.end === null);
    const ids = [
      ...ended.slice(LIMITS.endedRunsInMemory),
      ...open.slice(LIMITS.openRunsPerJob),
    ].map(({ executionId }) => executionId);
    for (const executionId of ids) this.forget(executionId);
    return ids;
  }

  /** No unit is made of them for a while: their texts would take as much as they do. */
  rest(): void {
    for (const run of this.values()) run.text = null;
  }

  mustSave(run: LiveRun | undefined): void {
    if (run === undefined || run.unsaved) return;
    run.unsaved = true;
    this.#unsaved += 1;
  }

  /** Those that the next unit says; they count as said from now on. */
  takeUnsaved(): readonly LiveRun[] {
    const taken: LiveRun[] = [];
    if (this.#unsaved === 0) return taken;
    for (const run of this.values()) {
      if (!run.unsaved) continue;
      run.unsaved = false;
      taken.push(run);
    }
    this.#unsaved = 0;
    return taken;
  }
}
