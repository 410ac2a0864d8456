/** Monotonic milliseconds. */
export interface PacerClock {
  now(): number;
  /** Resolves after about so many milliseconds. */
  wait(ms: number): Promise<void>;
}

const REAL: PacerClock = {
  now: () => performance.now(),
  wait: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};

export interface PaceOptions {
  readonly perSecond: number;
  readonly count: number;
  /** @default the real clock */
  readonly clock?: PacerClock;
}

/**
 * Open loop: item `i` is due `i / perSecond` after the start, whatever became of those before. `send` must not wait;
 * it gets the time that was intended, from which a latency counts, so that a slow server cannot slow down its judge.
 * @returns the time of the start
 */
export async function pace(
  options: PaceOptions,
  send: (index: number, intendedAt: number) => void,
): Promise<number> {
  const { perSecond, count, clock = REAL } = options;
  const startedAt = clock.now();
  for (let index = 0; index < count; index++) {
    const intendedAt = startedAt + (index * 1_000) / perSecond;
    for (let left = intendedAt - clock.now(); left > 0; left = intendedAt - clock.now()) {
      await clock.wait(Math.max(1, left));
    }
    send(index, intendedAt);
  }
  return startedAt;
}
