/** Something with a place in the heap. */
export interface Armed {
  /** -1 while it is not in the heap. */
  heapIndex: number;
  /** Epoch ms; infinite while it is not armed. */
  armedAt: number;
}

/** A binary heap of deadlines, one an item: arming again moves the item, so it never holds more than there are items. */
export class DeadlineHeap<T extends Armed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Earliest deadline, epoch ms; infinite when nothing is armed. */
  get nextAt(): number {
    return this.#items[0]?.armedAt ?? Number.POSITIVE_INFINITY;
  }

  /** Moves the item to its new deadline; an infinite one takes it out. */
  arm(item: T, at: number): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.remove(item);
      return;
    }
    const before = item.armedAt;
    item.armedAt = at;
    if (item.heapIndex === -1) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
      this.#rise(item);
    } else if (at < before) this.#rise(item);
    else this.#sink(item);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    item.armedAt = Number.POSITIVE_INFINITY;
    if (index === -1) return;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#put(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  /** Takes out the earliest item whose deadline is not after `now`. */
  takeDue(now: number): T | null {
    const first = this.#items[0];
    if (first === undefined || first.armedAt > now) return null;
    this.remove(first);
    return first;
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #rise(item: T): void {
    let index = item.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (parent === undefined || parent.armedAt <= item.armedAt) break;
      this.#put(parent, index);
      index = parentIndex;
    }
    this.#put(item, index);
  }

  #sink(item: T): void {
    let index = item.heapIndex;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = this.#smaller(left, left + 1);
      const child = this.#items[smaller];
      if (child === undefined || child.armedAt >= item.armedAt) break;
      this.#put(child, index);
      index = smaller;
    }
    this.#put(item, index);
  }

  #smaller(left: number, right: number): number {
    const a = this.#items[left]?.armedAt ?? Number.POSITIVE_INFINITY;
    const b = this.#items[right]?.armedAt ?? Number.POSITIVE_INFINITY;
    return b < a ? right : left;
  }
}
