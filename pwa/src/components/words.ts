import type { HealthComponent, RunRow, RunState, TrendRow } from "batchwatch/router";
import { formatDuration, formatPercent } from "./format.ts";

/** The server sends codes; the words are chosen here. */

export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  scheduled: "SCHEDULED",
  late: "LATE",
  running: "RUNNING",
  stalled: "STALLED",
  recovering: "RECOVERING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  stopped: "STOPPED",
  unknown: "UNKNOWN",
};

export const HEALTH_NAMES: Readonly<Record<HealthComponent["name"], string>> = {
  database: "Database",
  journal: "Journal",
  engine: "Engine",
  websocket: "Live connections",
  dataFreshness: "Data freshness",
};

/** `2 failed · 41 running`, or `All quiet. 41 running.` */
export function verdict(failedCount: number, runningCount: number): string {
  const running = runningCount === 0 ? "Nothing is running" : `${runningCount} running`;
  if (failedCount > 0) return `${failedCount} failed · ${runningCount} running`;
  return `All quiet. ${running}.`;
}

/** `GL extract is 9 % slower: median of the last 8 runs 42 min, before 38 min`; null while learning. */
export function trendSentence(trend: TrendRow): string | null {
  const { recentMedianMs, previousMedianMs, changeRatio } = trend;
  if (recentMedianMs === null || previousMedianMs === null || changeRatio === null) return null;
  const amount = formatPercent(Math.abs(changeRatio));
  const change =
    trend.direction === "STABLE"
      ? "as usual"
      : `${amount} ${changeRatio > 0 ? "slower" : "faster"}`;
  const recent = formatDuration(recentMedianMs);
  return `${trend.jobName} is ${change}: median of the last 8 runs ${recent}, before ${formatDuration(previousMedianMs)}`;
}

/** A difference below this is noise; two durations that read alike must not be called different. */
const AS_USUAL_RATIO = 0.02;

/** `9 % longer than usual`, `as usual`. */
export function againstUsual(changeRatio: number): string {
  if (Math.abs(changeRatio) < AS_USUAL_RATIO) return "as usual";
  return `${formatPercent(Math.abs(changeRatio))} ${changeRatio > 0 ? "longer" : "shorter"} than usual`;
}

/** Says what happened, what is safe, and what to do. */
export function errorSentence(code: string, what: string): string {
  switch (code) {
    case "UNAUTHORIZED":
      return "Signed out. Open the sign-in link that the server printed.";
    case "FORBIDDEN":
      return `Your role or team does not allow you to see this ${what}. Ask an operations manager.`;
    case "NOT_FOUND":
      return `No such ${what} here. It may belong to another team, or be older than the history that is kept.`;
    case "BAD_REQUEST":
      return `This address does not name a ${what}. Check the link.`;
    case "NETWORK":
      return "No connection. Nothing is lost; it is tried again by itself.";
    default:
      return `The server could not answer. Nothing is lost. Code ${code}.`;
  }
}

/** Job, attempt when it is not the first, and what happened. */
export function spokenAlert(row: RunRow): string {
  const attempt = row.attempt > 1 ? `, attempt ${row.attempt}` : "";
  return `${row.jobName}${attempt} failed. ${row.message ?? ""}`.trim();
}
