import { contentIdOf, type Incident, type IncidentEvent } from "@batchwatch/engine";
import { rowWriter, type RowWriter } from "../dialects/upsert.ts";
import type {
  IncidentEventTable,
  IncidentMemberTable,
  IncidentTable,
} from "../schema/incident-tables.ts";

/** Inserts unless an incident of its group is open. */
export const writeNewIncident: RowWriter<IncidentTable> = rowWriter(
  "incident",
  ["open_group_key"],
  {
    incident_id: "keep",
    version: "keep",
    state: "keep",
    open_group_key: "keep",
    team_id: "keep",
    opened_at: "keep",
    body: "keep",
  },
);

export const writeMemberOnce: RowWriter<IncidentMemberTable> = rowWriter(
  "incident_member",
  ["incident_id", "alert_id"],
  {
    incident_id: "keep",
    alert_id: "keep",
    job_id: "keep",
    team_id: "keep",
    opened_at: "keep",
  },
);

export const writeEventOnce: RowWriter<IncidentEventTable> = rowWriter(
  "incident_event",
  ["event_id"],
  {
    event_id: "keep",
    incident_id: "keep",
    version: "keep",
    position: "keep",
    happened_at: "keep",
    kind: "keep",
    user_id: "keep",
    user_name: "keep",
    event_text: "keep",
  },
);

export function incidentRowOf(incident: Incident): IncidentTable {
  return {
    incident_id: incident.incidentId,
    version: incident.version,
    state: incident.state,
    open_group_key: openGroupKeyOf(incident),
    team_id: incident.teamId,
    opened_at: incident.openedAt,
    body: JSON.stringify(incident),
  };
}

/** A commit asks for it several times. */
const keys = new WeakMap<Incident, string>();

/** Null once it is resolved: then another of its group may be opened. */
export function openGroupKeyOf(incident: Incident): string | null {
  if (incident.state === "RESOLVED") return null;
  const key = keys.get(incident) ?? contentIdOf(incident.groupKey);
  keys.set(incident, key);
  return key;
}

export function incidentOf(row: Pick<IncidentTable, "body">): Incident {
  return JSON.parse(row.body) as Incident;
}

export function eventRowOf(
  event: IncidentEvent,
  version: number,
  position: number,
): IncidentEventTable {
  return {
    event_id: event.eventId,
    incident_id: event.incidentId,
    version,
    position,
    happened_at: event.at,
    kind: event.kind,
    user_id: event.by?.userId ?? null,
    user_name: event.by?.name ?? null,
    event_text: event.text,
  };
}

export function eventOf(row: IncidentEventTable): IncidentEvent {
  return {
    eventId: row.event_id,
    incidentId: row.incident_id,
    at: row.happened_at,
    kind: row.kind,
    by: row.user_id === null ? null : { userId: row.user_id, name: row.user_name ?? "" },
    text: row.event_text,
  };
}
