import type { ChangeRequest } from "../model/change-request.ts";
import type { CalendarDay } from "../model/schedule.ts";
import { LIMITS } from "../model/limits.ts";
import { canonical, type Json, sameJson } from "./canonical.ts";
import type { Fields, Standing } from "./standing.ts";

export type Differences = ChangeRequest["differences"];

/** Things that are told part by part. */
const WHOLE: ReadonlySet<string> = new Set(["calendar", "source", "user"]);

/** Before and after as text that a person reads, as on a job's list of changes. What stays the same is left out. */
export function differencesOf(before: Standing, after: Fields): Differences {
  const found: { field: string; before: string | null; after: string | null }[] = [];
  for (const [field, value] of Object.entries(after)) {
    for (const part of partsOf(field, before.fields[field] ?? null, value)) {
      if (sameJson(part.was, part.is)) continue;
      const [old, made] = textsOf(part, before);
      // An empty list comes to nothing, and so does its removal.
      if (old !== null || made !== null)
        found.push({ field: part.field, before: old, after: made });
    }
  }
  const joined = before.context["joins"];
  if (isRecord(joined)) {
    const { jobId, name } = joined;
    found.push({ field: "joined", before: null, after: `${plain(jobId)} "${plain(name)}"` });
  }
  return found;
}

interface Part {
  readonly field: string;
  readonly was: Json;
  readonly is: Json;
}

function partsOf(field: string, was: Json, is: Json): readonly Part[] {
  if (!WHOLE.has(field)) return [{ field, was, is }];
  const [old, made] = [recordOf(was), recordOf(is)];
  return [...new Set([...Object.keys(old), ...Object.keys(made)])]
    .filter((part) => part !== "calendarId")
    .map((part) => ({ field: part, was: old[part] ?? null, is: made[part] ?? null }));
}

function recordOf(value: Json): Readonly<Record<string, Json | undefined>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json | undefined>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf({ field, was, is }: Part, before: Standing): [string | null, string | null] {
  if (field === "owner") return [ownerText(was, before), textOf(field, is)];
  if (Array.isArray(is) && field === "days") return [textOf(field, was), daysText(was, is)];
  return [textOf(field, was), textOf(field, is)];
}

function textOf(field: string, value: Json): string | null {
  if (value === null || value === "") return null;
  if (field === "retiredFrom" && typeof value === "number") return new Date(value).toISOString();
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    if (field === "days") return `${value.length} days`;
    return value.length === 0 ? null : shortened(value.map(plain).join(", "));
  }
  if (isRecord(value)) return scheduleText(value);
  return shortened(plain(value));
}

function scheduleText(schedule: Readonly<Record<string, Json | undefined>>): string {
  const { expression, zone, calendarId, freeDayRule } = schedule;
  const calendar = calendarId == null ? [] : [`${plain(calendarId)}:${plain(freeDayRule)}`];
  return [expression, zone, ...calendar].map(plain).join(" ");
}

function ownerText(was: Json, { context }: Standing): string | null {
  return was === null ? `${plain(context["team"])} (by facts)` : plain(was);
}

function plain(value: Json | undefined): string {
  return typeof value === "string" ? value : canonical(value);
}

/** Which days came and went, as far as they fit. */
function daysText(was: Json, is: Json): string | null {
  const [old, made] = [new Set(linesOf(was)), new Set(linesOf(is))];
  const added = [...made].filter((line) => !old.has(line)).map((line) => `+ ${line}`);
  const removed = [...old].filter((line) => !made.has(line)).map((line) => `− ${line}`);
  return shortened(`${made.size} days: ${[...added, ...removed].join("; ")}`);
}

function linesOf(value: Json): readonly string[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown as readonly CalendarDay[]).map(({ day, kind, label }) =>
    [day, kind, ...(label === "" ? [] : [label])].join(" "),
  );
}

function shortened(text: string): string {
  return text.length <= LIMITS.differenceLength
    ? text
    : `${text.slice(0, LIMITS.differenceLength - 1)}…`;
}
