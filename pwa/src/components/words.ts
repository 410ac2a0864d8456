import type { HealthComponent, RunState, TrendRow } from "batchwatch/router";
import type { BoardCounts } from "../live/board-lists.ts";
import type { Attention } from "./attention.ts";
import { formatDuration, formatNumber, formatPercent, formatPrecisely } from "./format.ts";

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
  alerting: "Alerting",
  approvals: "Approvals",
  audit: "Audit trail",
  dataFreshness: "Data freshness",
};

/**
 * `2 need you · 41 running · 3 late · 1 stalled · 5 unknown`, `3 open, all taken · 41 running`, or
 * `All quiet. 41 running.` What is unknown is never called quiet.
 * @param attention what needs this reader, and what somebody else has
 */
export function verdict(attention: Attention, counts: BoardCounts): string {
  const { running, late, stalled, unknown } = counts;
  const { me, taken } = attention;
  if (me + taken + unknown === 0) {
    return `All quiet. ${running === 0 ? "Nothing is running" : `${formatNumber(running)} running`}.`;
  }
  const parts: readonly (readonly [number, string])[] = [
    [me, me === 1 ? "needs you" : "need you"],
    [me === 0 ? taken : 0, taken === 1 ? "open, taken" : "open, all taken"],
    [running, "running"],
    [late, "late"],
    [stalled, "stalled"],
    [unknown, "unknown"],
  ];
  return parts
    .filter(([count, word]) => count > 0 || word === "running")
    .map(([count, word]) => `${formatNumber(count)} ${word}`)
    .join(" · ");
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

/**
 * `25 min, usually 23 min (9 % longer than usual)`, `25 min, as usual`. Two durations that differ
 * and would read alike are given in full.
 */
export function againstUsual(durationMs: number, usualMs: number): string {
  const ratio = usualMs === 0 ? null : durationMs / usualMs - 1;
  const alike = formatDuration(durationMs) === formatDuration(usualMs);
  const isAsUsual = ratio !== null && Math.abs(ratio) < AS_USUAL_RATIO;
  const format = alike && !isAsUsual ? formatPrecisely : formatDuration;
  if (format(durationMs) === format(usualMs)) return `${format(durationMs)}, as usual`;
  const both = `${format(durationMs)}, usually ${format(usualMs)}`;
  if (ratio === null) return both;
  if (isAsUsual) return `${both} (as usual)`;
  return `${both} (${formatPercent(Math.abs(ratio))} ${ratio > 0 ? "longer" : "shorter"} than usual)`;
}

/** Says what happened, what is safe, and what to do. */
export function errorSentence(code: string, what: string): string {
  switch (code) {
    case "UNAUTHORIZED":
      return "Signed out. Sign in to see it.";
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
