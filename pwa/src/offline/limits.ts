/** Every bound of what is kept on this device, and of the sending of it. */
export const OFFLINE_LIMITS = {
  /** Commands kept on this device; ended ones go first, and then nothing is taken in. */
  commands: 200,
  /** A command that waited for longer than an acknowledgement can hold is not sent any more: it was about another moment, ms. */
  unsentCommandMs: 14_400_000,
  /** An answered or refused command stays for this long, ms. */
  endedCommandMs: 86_400_000,
  /** A call that has no answer after this is tried again, ms. Half of the server's `refreshGraceMs` at most: a refresh is a call, too. */
  callTimeoutMs: 15_000,
  /** Wait before the second attempt, before jitter; it doubles each time, ms. */
  retryBaseMs: 2_000,
  /** Longest such wait, ms; also what a `Retry-After` counts for at most. */
  retryCapMs: 60_000,
  /** Least time between two attempts of one command, whatever wakes the sender, ms. */
  retryPauseMs: 1_000,
  /** An access token is renewed this long before its end, but not before half of its life, ms. */
  renewBeforeMs: 30_000,
  /** After the server said that nobody is signed in it is not asked again for this long, ms. */
  signedOutMs: 10_000,
  /** Life of what a paired device signs to get in, s; the server takes at most 60. */
  assertionSeconds: 30,
  /** A sender that holds the lock for longer than this is taken for asleep, ms. */
  lockWaitMs: 20_000,
  /** Incidents last looked at. */
  incidentViews: 20,
  /** Incident cards that came with a notification. */
  cards: 50,
  /** Receipts that the server has not taken yet. */
  receipts: 100,
  /** Rows of the board kept for a start without a network. */
  boardRows: 2_000,
  /** The board is kept at most this often, ms. */
  boardSaveMs: 5_000,
  /** The first paint waits at most this long for what is kept, ms. */
  restoreMs: 300,
} as const;

/** Shape of what is kept of the server's answers; another one is not read. Raise it when a row or a view changes. */
export const DEVICE_SCHEMA = 2;
