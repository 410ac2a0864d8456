/** Every bound of what is kept on this device, and of the sending of it. */
export declare const OFFLINE_LIMITS: {
  /** Commands kept on this device; ended ones go first, and then nothing is taken in. */
  readonly commands: 200;
  /** An answered or refused command stays for this long, ms. */
  readonly endedCommandMs: 86400000;
  /** A call that has no answer after this is tried again, ms. */
  readonly callTimeoutMs: 15000;
  /** Wait before the second attempt, before jitter; it doubles each time, ms. */
  readonly retryBaseMs: 2000;
  /** Longest such wait, ms; also what a `Retry-After` counts for at most. */
  readonly retryCapMs: 60000;
  /** Least time between two attempts of one command, whatever wakes the sender, ms. */
  readonly retryPauseMs: 1000;
  /** A sender that holds the lock for longer than this is taken for asleep, ms. */
  readonly lockWaitMs: 20000;
  /** Incidents last looked at. */
  readonly incidentViews: 20;
  /** Incident cards that came with a notification. */
  readonly cards: 50;
  /** Receipts that the server has not taken yet. */
  readonly receipts: 100;
  /** Rows of the board kept for a start without a network. */
  readonly boardRows: 2000;
  /** The board is kept at most this often, ms. */
  readonly boardSaveMs: 5000;
  /** The first paint waits at most this long for what is kept, ms. */
  readonly restoreMs: 300;
};
/** Shape of what is kept of the server's answers; another one is not read. Raise it when a row or a view changes. */
export declare const DEVICE_SCHEMA = 1;
//# sourceMappingURL=limits.d.ts.map
