import type { AlertEnding, RuleName, UntoldReason } from "@batchwatch/engine";

/** One row per (rule, subject): `Alert`, column by column. */
export interface AlertTable {
  readonly alert_id: string;
  readonly rule_name: RuleName;
  readonly subject: string;
  /** The card's job, or the one it became part of since; null where the alert is about a source. */
  readonly job_id: string | null;
  readonly firing: number;
  /** Hash of the card's instance key, which is longer than an index takes everywhere. */
  readonly instance_hash: string;
  readonly since: number;
  readonly ended_at: number | null;
  readonly ending: AlertEnding | null;
  readonly openings: number;
  readonly version: number;
  readonly handled_version: number;
  readonly incident_id: string | null;
  readonly reason: UntoldReason | null;
  /** Its place among those that no incident has taken in as they are, smallest first; null once one has. */
  readonly unhandled_no: number | null;
  /** JSON of the card. */
  readonly card: string;
}
