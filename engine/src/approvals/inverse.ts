import type { ProposedChange, ChangePayloads } from "../model/change-request.ts";
import type { Calendar } from "../model/schedule.ts";
import type { Role } from "../model/people.ts";
import type { SettingsChange } from "../model/settings-change.ts";
import { type Json, sameJson } from "./canonical.ts";
import { type Fields, fieldsAfter, type Standing } from "./standing.ts";

/** A change that was carried out, and what stood before it. */
export interface CarriedOut {
  readonly change: ProposedChange;
  readonly subjectId: string;
  readonly before: Standing;
}

/** Whether a change can be taken back at all. */
export function isInvertible(done: CarriedOut): boolean {
  return inverseOf(done, fieldsAfter(done.change)) !== null;
}

/**
 * The change that takes an applied one back: of what it made, only what still stands. What somebody changed since is theirs (EYES-7).
 * @param now the same fields as they stand now
 * @returns null: nothing of it stands any more, or it cannot be taken back
 */
export function inverseOf(done: CarriedOut, now: Fields): ProposedChange | null {
  const { change, subjectId } = done;
  const { fields: before, context } = done.before;
  if (change.kind === "user-add") {
    // Whatever became of the person since: they are there by this change.
    const isThere = (now["user"] ?? null) !== null;
    return isThere ? { kind: "user-remove", payload: { userId: subjectId } } : null;
  }
  const after = fieldsAfter(change);
  const back: Record<string, Json> = {};
  for (const [field, value] of Object.entries(after)) {
    const was = before[field] ?? null;
    if (sameJson(value, now[field]) && !sameJson(was, value)) back[field] = was;
  }
  if (Object.keys(back).length === 0) return null;
  const whole = (field: string): unknown => (field in back ? back[field] : now[field]);
  switch (change.kind) {
    case "job-configure":
      return { ...change, payload: { jobId: change.payload.jobId, change: unconfigured(back) } };
    case "job-rename":
      if ((context["joins"] ?? null) !== null) return null;
      return {
        ...change,
        payload: {
          jobId: change.payload.jobId,
          name: whole("name") as string,
          namespace: whole("namespace") as string,
        },
      };
    case "job-retire":
      return {
        ...change,
        payload: { jobId: change.payload.jobId, from: whole("retiredFrom") as number | null },
      };
    case "job-assign":
      return {
        ...change,
        payload: assigned(change.payload.jobId, whole("owner") as string | null, context["team"]),
      };
    case "calendar-put": {
      const calendar = back["calendar"] ?? null;
      if (calendar === null) return null;
      return { ...change, payload: { calendar: calendar as unknown as Calendar } };
    }
    case "source-paging":
      return {
        ...change,
        payload: {
          sourceId: subjectId,
          pagingMode: whole("pagingMode") as ChangePayloads["source-paging"]["pagingMode"],
        },
      };
    case "masking-exception": {
      const { sourceId, field } = change.payload;
      const kinds = whole("kinds") as ChangePayloads["masking-exception"]["kinds"];
      return { ...change, payload: { sourceId, field, kinds } };
    }
    case "user-change":
      return {
        ...change,
        payload: {
          userId: subjectId,
          role: whole("role") as Role,
          // A team's id makes the same id.
          teamNames: whole("teams") as readonly string[],
        },
      };
    case "retention-set":
      return {
        ...change,
        payload: { what: change.payload.what, days: whole("days") as number | null },
      };
    case "source-add":
    case "user-remove":
      return null;
  }
}

/** Facts that say whose a job is may be long in coming: until then it is whose it was. */
function assigned(
  jobId: string,
  teamId: string | null,
  formerTeam: Json | undefined,
): ChangePayloads["job-assign"] {
  return teamId === null && typeof formerTeam === "string"
    ? { jobId, teamId, formerTeamId: formerTeam }
    : { jobId, teamId };
}

function unconfigured(back: Fields): SettingsChange {
  const clocks: Record<string, Json> = {};
  const change: Record<string, Json> = {};
  for (const [field, value] of Object.entries(back)) {
    const clock = /^clocks\.(.+)$/.exec(field)?.[1];
    if (clock === undefined) change[field] = value;
    else clocks[clock] = value;
  }
  return Object.keys(clocks).length === 0 ? change : { ...change, clocks };
}
