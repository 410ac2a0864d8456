import type { AuditEntry } from "batchwatch/router";
import { formatDuration } from "../../components/format.ts";

/** The contract of transitions that no source sent: time itself gave them (engine/SPEC.md CLOCK-11). */
const CLOCK = "clock";

const KIND_WORDS: ReadonlyMap<string, string> = new Map([["scheduled", "announced"]]);

const CLOCK_WORDS: ReadonlyMap<string, string> = new Map([
  ["late", "late by the start clock"],
  ["stalled", "stalled by the heartbeat clock"],
  ["running", "running again by the heartbeat clock"],
  ["unknown", "unknown: no clock could judge it"],
  ["recovering", "recovering: an earlier attempt ended badly"],
  ["over-budget", "over its budget by the run clock"],
  ["too-short", "too short by the duration clock"],
]);

export function isOfClock(entry: AuditEntry): boolean {
  return entry.contract === CLOCK;
}

/** What happened, in a few words; a kind that this page does not know is shown as it is. */
export function auditWhat(entry: AuditEntry): string {
  if (!isOfClock(entry)) return KIND_WORDS.get(entry.kind) ?? entry.kind;
  return CLOCK_WORDS.get(entry.kind) ?? `${entry.kind} by the clock`;
}

/** How long after the event it was heard, or after the deadline it was seen: `4 s later`. */
export function auditDelay(entry: AuditEntry): string {
  const delayMs = Date.parse(entry.receivedAt) - Date.parse(entry.occurredAt);
  return isOfClock(entry)
    ? `${formatDuration(delayMs)} after the deadline`
    : `${formatDuration(delayMs)} later`;
}
