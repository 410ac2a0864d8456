import type { LiveRun } from "./live-run.ts";

/** The runs of one job that are in memory, by id, and which of them a unit must say. */
export class LiveRuns extends Map<string, LiveRun> {
  /** Nearly every fact is of the run that the one before was of. */
  #last: LiveRun | null = null;
  #unsaved = 0;

  /** How many changed since they were in a unit. */
  get unsaved(): number {
    return this.#unsaved;
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

  /** A run that is to be saved never goes. */
  forget(executionId: string): void {
    this.#last = null;
    this.delete(executionId);
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
