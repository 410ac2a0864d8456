/** Every bound of waking this device. */
export const PUSH_LIMITS = {
  /** `subscribe()` may never settle where the push service cannot be reached, ms. */
  subscribeTimeoutMs: 15_000,
  /** A test that was not shown by then counts as not arrived, ms. */
  testTimeoutMs: 30_000,
  /** A window of ours that does not say by then that it goes where a tap leads is taken for asleep, ms. */
  windowAnswersMs: 300,
  /** After "Not now" nobody is asked for this long, ms. */
  askAgainMs: 2_592_000_000,
} as const;
