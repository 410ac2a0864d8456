/** What the process of one size is told on its command line, as JSON. */
export interface ScaleRequest {
  /** Known jobs beside the active ones, idle. */
  readonly idleJobs: number;
  readonly activeJobs: number;
  readonly facts: number;
}

/** What one size measured. */
export interface ScaleResult {
  /** Heap of a known job, its row on the board included. */
  readonly knownBytes: number;
  /** Heap that a known job takes more while one of its runs is open, its row included. */
  readonly activeBytes: number;
  readonly eventNs: number;
  readonly dashboardMs: number;
  /** 1,000 changes, read frame by frame. */
  readonly sinceMs: number;
}
