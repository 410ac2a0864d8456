/** Why nothing could be known. */
const BLIND_REASONS = [
  "DOWNTIME",
  "INTAKE_CLOSED",
  "PAUSED",
  "SOURCE_SILENT",
  "STORE_RESTORED",
] as const;
export type BlindReason = (typeof BLIND_REASONS)[number];

/**
 * A time in which facts may be missing: deadlines inside it wait (engine/SPEC.md CLOCK-8).
 * Times are epoch milliseconds.
 */
export interface BlindInterval {
  readonly intervalId: string;
  /** Null: every source. */
  readonly sourceId: string | null;
  readonly reason: BlindReason;
  readonly from: number;
  /** Null while it lasts. */
  readonly until: number | null;
}
