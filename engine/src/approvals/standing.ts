import type { ProposedChange } from "../model/change-request.ts";
import type { ClockSettings } from "../model/job-settings.ts";
import type { SettingsChange } from "../model/settings-change.ts";
import { teamIdOf } from "../model/people.ts";
import type { Json } from "./canonical.ts";

/** Name of a field → its value. */
export type Fields = Readonly<Record<string, Json>>;

/** What a change is about, as it stands now. What is approved is bound to both parts (EYES-3). */
export interface Standing {
  /** What the change would set, and nothing else: another field may change meanwhile. */
  readonly fields: Fields;
  /** What the change means depends on: whose job it is, which job a rename would take in. */
  readonly context: Fields;
}

/** The fields that a job's configuration names, as its `Standing` has them. */
export function namedFields(change: SettingsChange): readonly string[] {
  const { clocks, ...others } = change;
  return [
    ...Object.entries(others).flatMap(([field, value]) => (value === undefined ? [] : [field])),
    ...Object.entries(clocks ?? {}).flatMap(([clock, value]) =>
      value === undefined ? [] : [`clocks.${clock}`],
    ),
  ];
}

/** What a change's fields are once it is carried out. */
export function fieldsAfter(change: ProposedChange): Fields {
  switch (change.kind) {
    case "job-configure":
      return configured(change.payload.change);
    case "job-rename":
      return { name: change.payload.name, namespace: change.payload.namespace };
    case "job-retire":
      return { retiredFrom: change.payload.from };
    case "job-assign":
      return { owner: change.payload.teamId };
    case "calendar-put":
      return { calendar: calendarFields(change.payload.calendar) };
    case "source-add": {
      const { name, contract, environment, zone, teamName } = change.payload;
      const team = teamName === null ? null : teamIdOf(teamName);
      return { source: { name, contract, environment, zone, team } };
    }
    case "source-paging":
      return { pagingMode: change.payload.pagingMode };
    case "masking-exception":
      return { kinds: [...change.payload.kinds].sort() };
    case "user-add": {
      const { name, role, teamNames } = change.payload;
      return { user: { name, role, teams: teamIdsOf(teamNames) } };
    }
    case "user-change":
      return { role: change.payload.role, teams: teamIdsOf(change.payload.teamNames) };
    case "user-remove":
      return { user: null };
    case "retention-set":
      return { days: change.payload.days };
  }
}

/** A calendar as a value; what is absent is null. */
export function calendarFields(
  calendar: Extract<ProposedChange, { kind: "calendar-put" }>["payload"]["calendar"],
): Json {
  const { calendarId, name, zone, workdays, coversUntil } = calendar;
  const days = calendar.days.map(({ day, kind, label }) => ({ day, kind, label }));
  return { calendarId, name, zone, workdays: [...workdays], coversUntil, days };
}

function teamIdsOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(teamIdOf))].sort();
}

function configured(change: SettingsChange): Fields {
  const { clocks, schedule, ...others } = change;
  const fields: Record<string, Json> = {};
  for (const [field, value] of Object.entries(others)) {
    if (value !== undefined) fields[field] = value === "" ? null : value;
  }
  for (const clock of Object.keys(clocks ?? {}) as (keyof ClockSettings)[]) {
    const value = clocks?.[clock];
    if (value !== undefined) fields[`clocks.${clock}`] = value;
  }
  if (schedule === null) fields["schedule"] = null;
  if (schedule != null) {
    const { expression, zone, calendarId, freeDayRule } = schedule;
    fields["schedule"] = {
      expression,
      zone,
      calendarId: calendarId ?? null,
      freeDayRule: freeDayRule ?? "RUN",
    };
  }
  return fields;
}
