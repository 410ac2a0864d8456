/** Epoch milliseconds with fractions; comparable between the processes of one machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A change carries the time it was meant to be sent as its progress, in tenths of a millisecond: a whole number. */
export const TICKS_PER_MS = 10;
