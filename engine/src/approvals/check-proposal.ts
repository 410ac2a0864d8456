import { checkedException } from "../masking/check-exception.ts";
import { stripText } from "../masking/clean-text.ts";
import type { ChangePayloads, ProposedChange, RetainedKind } from "../model/change-request.ts";
import { LIMITS } from "../model/limits.ts";
import { teamIdOf } from "../model/people.ts";
import { ChangeRefused } from "../model/settings-change.ts";
import {
  checkedCalendar,
  checkedChange,
  checkedJobName,
  checkedZone,
} from "../schedule/check-change.ts";

/** The change in the form that it is kept and hashed in. Throws {@link ChangeRefused}. */
export function checkedProposal(change: ProposedChange): ProposedChange {
  switch (change.kind) {
    case "job-configure": {
      const { jobId } = change.payload;
      return { ...change, payload: { jobId, change: checkedChange(change.payload.change) } };
    }
    case "job-rename":
      return {
        ...change,
        payload: { jobId: change.payload.jobId, ...checkedJobName(change.payload) },
      };
    case "calendar-put":
      return { ...change, payload: { calendar: checkedCalendar(change.payload.calendar) } };
    case "source-add":
      return { ...change, payload: checkedSource(change.payload) };
    case "masking-exception":
      return {
        ...change,
        payload: { sourceId: change.payload.sourceId, ...checkedException(change.payload) },
      };
    case "user-add":
      return {
        ...change,
        payload: {
          ...change.payload,
          name: checkedLine("name", change.payload.name),
          teamNames: checkedTeams(change.payload.teamNames),
        },
      };
    case "user-change":
      return {
        ...change,
        payload: { ...change.payload, teamNames: checkedTeams(change.payload.teamNames) },
      };
    case "retention-set":
      checkDays(change.payload);
      return change;
    case "job-retire":
    case "job-assign":
    case "source-paging":
    case "user-remove":
      return change;
  }
}

function checkedSource(source: ChangePayloads["source-add"]): ChangePayloads["source-add"] {
  const { teamName } = source;
  return {
    ...source,
    name: checkedLine("name", source.name),
    zone: checkedZone("invalid_setting", "zone", source.zone),
    teamName: teamName === null ? null : checkedTeam("teamName", teamName),
  };
}

function checkedTeams(names: readonly string[]): readonly string[] {
  return names.map((name, index) => checkedTeam(`teamNames[${index}]`, name));
}

function checkedTeam(field: string, given: string): string {
  const name = checkedLine(field, given);
  if (teamIdOf(name) !== "") return name;
  throw new ChangeRefused("invalid_name", field, "use at least one letter a–z or digit.");
}

function checkedLine(field: string, text: string): string {
  const name = text.trim();
  const fits = name !== "" && name.length <= LIMITS.personNameLength;
  if (fits && !/[\t\n]/.test(name) && stripText(name) === name) return name;
  const right = `give one line of 1 to ${LIMITS.personNameLength} characters.`;
  throw new ChangeRefused("invalid_name", field, right);
}

/** Kinds that are evidence: they are not kept for less than LIMITS.retentionLeastDays. */
const EVIDENCE: ReadonlySet<RetainedKind> = new Set<RetainedKind>(["audit", "incidents"]);

/** The fewest days that this is kept, whoever sets it (AUD-6). */
export function leastDaysOf(what: RetainedKind): number {
  return EVIDENCE.has(what) ? LIMITS.retentionLeastDays : 1;
}

function checkDays({ what, days }: ChangePayloads["retention-set"]): void {
  if (days === null) return;
  const least = leastDaysOf(what);
  if (Number.isSafeInteger(days) && days >= least && days <= LIMITS.retentionMostDays) return;
  const right = `give whole days from ${least} to ${LIMITS.retentionMostDays}.`;
  throw new ChangeRefused("invalid_setting", "days", right);
}
