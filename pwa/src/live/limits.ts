/** Every bound of the live connection and of the lists, in one place. */
export const LIMITS = {
  /** Least time between two updates of the screen from the stream. */
  flushIntervalMs: 100,
  /** Data older than this is never called live. One second below the promised 10 s, as ages tick by the second. */
  liveAgeMs: 9_000,
  /** A socket silent for longer than this is dropped when the page becomes visible or the network returns. */
  silentSocketMs: 8_000,
  /** Ping after this much silence; with `pongTimeoutMs` a dead socket is noticed within 8 s. */
  pingIntervalMs: 4_000,
  pongTimeoutMs: 4_000,
  /** A socket that is still opening after this is given up. */
  openTimeoutMs: 8_000,
  /** A socket whose token has ended is called lost after this without another one. */
  renewalMs: 3_000,
  /** Longest wait between two attempts to connect, before jitter. */
  reconnectCapMs: 15_000,
  reconnectBaseMs: 1_000,
  /** Without a socket for this long the board is fetched over HTTP instead. */
  pollAfterMs: 10_000,
  pollIntervalMs: 5_000,
  /** Items kept while a snapshot is under way; beyond it they are dropped and the snapshot is asked again. */
  bufferedItems: 10_000,
  /** Rows of a list drawn at first, and added by each "Show more". */
  rowsShown: 200,
  /** Least time between two fetches of a run that changes while it is looked at. */
  runRefetchIntervalMs: 1_000,
  /** A running job without any news for this long is called silent. */
  silentRunMs: 120_000,
  /** An ended run stays among the recent completions for this long. */
  recentMs: 3_600_000,
  /** A failed run that nothing has cleared is shown for this long. */
  failedShownMs: 86_400_000,
  /** Trends shown in words. */
  trendsShown: 8,
  /** How long after the first board the page reports how it loaded, where it is not left before. */
  vitalsAfterMs: 20_000,
  /** Items asked for in one page of a list. */
  pageSize: 50,
} as const;
