import type { ChangeRequest } from "../model/change-request.ts";
import type { CalendarDay } from "../model/schedule.ts";
import { LIMITS } from "../model/limits.ts";
import { type Json, sameJson } from "./canonical.ts";
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
      found.push({
        field: part.field,
        before: part.field === "owner" ? ownerText(part.was, before) : textOf(part.field, part.was),
        after:
          part.field === "days" ? daysText(part.was, part.is) : textOf(part.field, part.is),
      });
    }
  }
  const joined = before.context["joins"];
  if (isRecord(joined)) {
    const { jobId, name } = joined;
    found.push({ field: "joined", before: null, after: `${String(jobId)} "${String(name)}"` });
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

function textOf(field: string, value: Json): string | null {
  if (value === null || value === "") return null;
  if (field === "retiredFrom" && typeof value === "number") return new Date(value).toISOString();
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    if (field === "days") return `${value.length} days`;
    return value.length === 0 ? null : shortened(value.map(String).join(", "));
  }
  if (isRecord(value)) return scheduleText(value);
  return shortened(String(value));
}

function scheduleText(schedule: Readonly<Record<string, Json | undefined>>): string {
  const { expression, zone, calendarId, freeDayRule } = schedule;
  const calendar = calendarId == null ? [] : [`${String(calendarId)}:${String(freeDayRule)}`];
  return [expression, zone, ...calendar].map(String).join(" ");
}

function ownerText(was: Json, { context }: Standing): string | null {
  return was === null ? `${String(context["team"])} (by facts)` : String(was);
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
