/** Every bound of this package, in one place. */
export const DB_LIMITS = {
  /** Prepared statements kept per connection; the least recently used one is dropped beyond it. */
  statements: 256,
  /** How long a write waits for another process's transaction, milliseconds. */
  busyTimeoutMs: 5_000,
  /** Pages (4 KiB) in the write-ahead log at which SQLite checkpoints it. */
  walCheckpointPages: 1_000,
  /** Size the write-ahead log file is cut back to after a checkpoint, bytes. */
  walKeptBytes: 67_108_864,
  /** Members of one IN list; Oracle refuses 1,000. */
  inList: 999,
  /** Rows in one answer of `jobs.loadStates`, `jobs.recentRuns` and `letters.load`. */
  statePage: 500,
  /** Job ids in one answer of `jobs.idsOfSource`. */
  idPage: 5_000,
  /** Jobs in one answer of `settings.changedSince`. */
  settingsPage: 1_000,
  /** How long the answer to a command is kept for a repeat of it, milliseconds: a phone may have been in a drawer. */
  commandKeptMs: 2_678_400_000,
  /** Datasets remembered of one job, both directions together (the newest); one unit names at most as many. */
  datasetsPerJob: 1_000,
  /** Children listed with a run, newest first. */
  childrenOfRun: 200,
  /** Journal rows removed in one transaction, so that an append never waits long. */
  truncateRows: 2_000,
  /** Free pages of the journal handed back to the file system in one piece, so that an append never waits long. */
  vacuumPages: 500,
  /** Free pages that the journal keeps for what comes next: 4 MiB. */
  freePagesKept: 1_024,
  /** Unreadable positions that one read of a damaged journal steps over; with more the file is given up. */
  damagedPositions: 50_000,
  /** Refresh tokens of one session that are known for what they are (the newest); reuse of an older one is only unknown. */
  refreshHashesPerSession: 500,
  /** Records of the trail are in the order of their writing; their own times differ from it by less than this, milliseconds. */
  auditTimeSlackMs: 86_400_000,
  /** Rows that one piece of upkeep looks at: a few milliseconds in which nobody else writes. */
  pruneRows: 500,
  /** Time between two pieces, in which others write, milliseconds. */
  prunePauseMs: 20,
  /** Pieces of one kind in one pass; what is left has its turn in the next. */
  piecesPerPass: 20_000,
  /** How far the clock may be ahead of the last pass of upkeep and of every fact; beyond it nothing is old, milliseconds. */
  clockJumpMs: 172_800_000,
  /** How long such a clock must run on before it is believed, milliseconds. */
  clockAgreesMs: 86_400_000,
  /** How long what Batchwatch makes for itself is kept (the canary's incidents), days. */
  ownKeptDays: 7,
  /** Rows that one piece of an erasure goes through. */
  eraseRows: 500,
  /** Rows of each part that a person's export holds, the newest. */
  exportRows: 10_000,
  /** Longest name of a person, team or source, characters. */
  nameLength: 100,
} as const;
