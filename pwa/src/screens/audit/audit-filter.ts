import type { AuditAction } from "batchwatch/router";
import type { AuditQuery } from "../../trust-queries.ts";
import { AUDIT_ACTION_WORDS } from "./audit-words.ts";

/** The filter as a form has it: texts, empty for "all". Moments are local times of this device, `2026-11-11T02:14`. */
export interface AuditFilterInput {
  readonly who: string;
  readonly action: string;
  readonly about: string;
  readonly id: string;
  readonly team: string;
  readonly from: string;
  readonly until: string;
}

export const NO_FILTER: AuditFilterInput = {
  who: "",
  action: "",
  about: "",
  id: "",
  team: "",
  from: "",
  until: "",
};

const NAMES = Object.keys(NO_FILTER) as readonly (keyof AuditFilterInput)[];

/** From the part of an address behind the question mark, so that a search can be linked to. */
export function filterOf(search: string): AuditFilterInput {
  const parameters = new URLSearchParams(search);
  const read = (name: keyof AuditFilterInput): string => (parameters.get(name) ?? "").slice(0, 200);
  return Object.fromEntries(NAMES.map((name) => [name, read(name)])) as unknown as AuditFilterInput;
}

export function searchOf(filter: AuditFilterInput): string {
  const parameters = new URLSearchParams();
  for (const name of NAMES) if (filter[name] !== "") parameters.set(name, filter[name]);
  return parameters.toString();
}

/** What the server is asked; what it would not understand is left out. */
export function queryOf(filter: AuditFilterInput): AuditQuery {
  const { who, action, about, id, team, from, until } = filter;
  const fromAt = Date.parse(from);
  const untilAt = Date.parse(until);
  return {
    ...(/^[a-z0-9-]{1,64}$/.test(who) && { actorId: who }),
    ...(action in AUDIT_ACTION_WORDS && { action: action as AuditAction }),
    ...(/^[a-z-]{1,40}$/.test(about) && { subjectKind: about }),
    ...(/^(?:[A-Z]+ )?[\w./:-]+$/.test(id.trim()) && { subjectId: id.trim() }),
    ...(/^[a-z0-9-]{1,40}$/.test(team) && { team }),
    ...(!Number.isNaN(fromAt) && { from: new Date(fromAt).toISOString() }),
    ...(!Number.isNaN(untilAt) && { until: new Date(untilAt).toISOString() }),
  };
}

/** How many parts of it are set. */
export function partsSet(filter: AuditFilterInput): number {
  return NAMES.filter((name) => filter[name] !== "").length;
}
