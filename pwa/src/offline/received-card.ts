import type { NotificationCard, NotificationKind, Severity } from "batchwatch/router";
import { plainWords } from "./plain-words.ts";

/** Every kind, and whether it tells of an end. */
const TELLS_OF_AN_END: Readonly<Record<NotificationKind, boolean>> = {
  page: false,
  update: false,
  reminder: false,
  recovered: true,
  retracted: true,
  test: false,
  canary: false,
  approval: false,
  "break-glass": false,
};
const SEVERITIES: Readonly<Record<Severity, true>> = {
  LOW: true,
  MEDIUM: true,
  HIGH: true,
  CRITICAL: true,
};
const TEXTS = ["kind", "severity", "title", "body", "jobName", "cause", "since"] as const;
const OPTIONAL = [
  "jobId",
  "executionId",
  "message",
  "firstStep",
  "acknowledgedBy",
  "nextAt",
  "nextPerson",
] as const;
const MOST_TEXT = 400;
const MOST_ADDRESS = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The card of an incident as a push brought it: hostile until read here. Plain words only; whole or not at all, as
 * one with a hole would be shown as if it said nothing there.
 */
export function readCard(value: unknown): NotificationCard | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Fields;
  const { incidentId, version, jobs, runbookUrl } = fields;
  if (typeof incidentId !== "string" || !isCount(version) || !isCount(jobs)) return null;
  const isWhole =
    TEXTS.every((name) => typeof fields[name] === "string") &&
    OPTIONAL.every((name) => typeof (fields[name] ?? "") === "string") &&
    isKind(fields["kind"]) &&
    Object.hasOwn(SEVERITIES, String(fields["severity"])) &&
    !Number.isNaN(Date.parse(String(fields["since"])));
  if (!isWhole) return null;
  const texts = [...TEXTS, ...OPTIONAL].map((name) => [name, wordsOrNull(fields[name])] as const);
  return {
    ...(Object.fromEntries(texts) as unknown as NotificationCard),
    incidentId,
    version,
    jobs,
    runbookUrl: isWebAddress(runbookUrl) ? runbookUrl : null,
  };
}

/** Whether a card, whole or not, tells of an end. */
export function isOver(value: unknown): boolean {
  const kind = typeof value === "object" && value !== null ? (value as Fields)["kind"] : null;
  return isKind(kind) && TELLS_OF_AN_END[kind];
}

function isKind(value: unknown): value is NotificationKind {
  return Object.hasOwn(TELLS_OF_AN_END, String(value));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function wordsOrNull(value: unknown): string | null {
  return typeof value === "string" ? plainWords(value, MOST_TEXT) : null;
}

function isWebAddress(value: unknown): value is string {
  return typeof value === "string" && value.length <= MOST_ADDRESS && /^https?:\/\//.test(value);
}
