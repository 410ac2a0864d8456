/**
 * Up to where in the journal the saved states of jobs go, where that is beyond the marks: what is read again of them
 * after a crash says nothing new [UNIT-11]. Forgotten once the journal was read beyond all of them.
 */
export class SavedPositions {
  readonly #positions = new Map<string, number>();
  #highest = 0;

  put(jobId: string, position: number): void {
    this.#positions.set(jobId, position);
    this.#highest = Math.max(this.#highest, position);
  }

  /** Everything of the job up to here is saved; 0 where nothing is known any more. */
  of(jobId: string): number {
    return this.#positions.get(jobId) ?? 0;
  }

  /** Whether what the journal says of the job at this position is saved. */
  hold(jobId: string, position: number): boolean {
    return position <= this.#highest && position <= this.of(jobId);
  }

  /** The journal was read up to here. */
  readTo(position: number): void {
    if (position < this.#highest) return;
    this.#positions.clear();
    this.#highest = 0;
  }
}
