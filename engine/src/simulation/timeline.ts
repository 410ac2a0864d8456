interface Event {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  readonly run: () => void;
}

/** Simulated time: what happens next, and nothing at the same time. Times are milliseconds since the start. */
export class Timeline {
  #now = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  get now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#heap.length;
  }

  /** Events of one instant run in the order they were asked for. */
  after(delayMs: number, name: string, run: () => void): void {
    const event = { at: this.#now + Math.max(0, delayMs), order: this.#order, name, run };
    this.#order += 1;
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  /** Takes the next event and moves the time to it; null when there is none, or none up to `until`. */
  next(until: number = Number.POSITIVE_INFINITY): { name: string; run: () => void } | null {
    const first = this.#heap[0];
    if (first === undefined || first.at > until) return null;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    this.#now = first.at;
    return first;
  }

  #sink(event: Event): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let child = heap[left];
      let index = left;
      const other = heap[right];
      if (child !== undefined && other !== undefined && before(other, child)) {
        child = other;
        index = right;
      }
      if (child === undefined || before(event, child)) break;
      heap[at] = child;
      at = index;
    }
    heap[at] = event;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
