import {
  actorOf,
  type AuditFact,
  type Cancels,
  contentIdOf,
  type Incident,
  type IncidentChange,
  type IncidentCommand,
  type IncidentState,
  OVERTAKEN_KINDS,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery, fixedWrite } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { IncidentEventTable, IncidentMemberTable } from "../schema/incident-tables.ts";
import type { NotificationTable } from "../schema/notification-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { forgetOldCommands, keepCommand, type CommandKey } from "./command-once.ts";
import {
  eventRowOf,
  incidentRowOf,
  openGroupKeyOf,
  writeEventOnce,
  writeMemberOnce,
  writeNewIncident,
} from "./incident-rows.ts";
import { takeInAlerts } from "./mark-alerts.ts";
import { notificationRowOf, writeNotificationOnce } from "./notification-rows.ts";

type Verdict = "done" | "conflict";

/** What is stored of everything that a commit touches; kept up to date while its changes are written. */
interface Stored {
  readonly versions: Map<string, number>;
  /** Open group keys with the incident that holds each, and the other way round. */
  readonly holders: Map<string, string>;
  readonly keys: Map<string, string>;
  /** Team of each member that has its row, by incident and alert id. */
  readonly members: Map<string, string>;
  readonly commands: Set<string>;
}

/**
 * Writes the changes in their order. One is checked against what is stored, with the changes before it, before anything
 * of it is written, so that a conflict leaves nothing and the others go on. The updates repeat the check, for a database
 * where another writer may come in between.
 */
export async function commitIncidents(
  tx: Kysely<Database>,
  trail: AuditTrail,
  changes: readonly IncidentChange[],
): Promise<readonly Verdict[]> {
  if (changes.length === 0) return [];
  for (const { incident, expectedVersion } of changes) {
    if (incident.version === expectedVersion + 1) continue;
    throw new Error(
      `An incident's version grows by one: ${expectedVersion} to ${incident.version}.`,
    );
  }
  const stored = await readStored(tx, changes);
  const parts: Parts = { members: [], notifications: [], events: [] };
  const verdicts: Verdict[] = [];
  const facts: AuditFact[] = [];
  for (const change of changes) {
    const fits = !conflicts(stored, change) && (await writeIncident(tx, change));
    if (fits) {
      await gatherParts(tx, stored, change, parts);
      facts.push(...commandFacts(change));
    }
    verdicts.push(fits ? "done" : "conflict");
  }
  await writeParts(tx, parts);
  if (facts.length > 0) await trail.append(tx, facts);
  const asked = changes.filter((change) => change.command !== null);
  if (asked.length > 0) await forgetOldCommands(tx, Math.max(...asked.map(timeOf)));
  return verdicts;
}

function conflicts(
  stored: Stored,
  { incident, expectedVersion, command }: IncidentChange,
): boolean {
  const { incidentId } = incident;
  if ((stored.versions.get(incidentId) ?? 0) !== expectedVersion) return true;
  const holder = stored.holders.get(openGroupKeyOf(incident) ?? "");
  if (holder !== undefined && holder !== incidentId) return true;
  return command !== null && stored.commands.has(command.command.commandId);
}

async function writeIncident(
  tx: Kysely<Database>,
  { incident, expectedVersion }: IncidentChange,
): Promise<boolean> {
  const row = incidentRowOf(incident);
  if (expectedVersion === 0) return (await writeNewIncident.write(tx, row)) > 0;
  const { incident_id, version, state, open_group_key, team_id, opened_at, body } = row;
  const changed = await updateIncident(tx, [
    incident_id,
    expectedVersion,
    version,
    state,
    open_group_key,
    team_id,
    opened_at,
    body,
  ]);
  return changed > 0;
}

type IncidentUpdate = readonly [
  id: string,
  expected: number,
  version: number,
  state: IncidentState,
  openGroupKey: string | null,
  teamId: string,
  openedAt: number,
  body: string,
];

const updateIncident = fixedWrite(
  (db, [id, expected, version, state, key, team, opened, body]: IncidentUpdate) =>
    db
      .updateTable("incident")
      .set({ version, state, open_group_key: key, team_id: team, opened_at: opened, body })
      .where("incident_id", "=", id)
      .where("version", "=", expected),
);

/** Rows that only are added: they are written for all changes together. */
interface Parts {
  readonly members: IncidentMemberTable[];
  readonly notifications: NotificationTable[];
  readonly events: IncidentEventTable[];
}

async function writeParts(tx: Kysely<Database>, parts: Parts): Promise<void> {
  await writeMemberOnce.writeAll(tx, parts.members);
  await writeNotificationOnce.writeAll(tx, parts.notifications);
  await writeEventOnce.writeAll(tx, parts.events);
}

async function gatherParts(
  tx: Kysely<Database>,
  stored: Stored,
  change: IncidentChange,
  parts: Parts,
): Promise<void> {
  const { incident, command } = change;
  const { incidentId, version } = incident;
  remember(stored, incident);
  for (const { alertId, card } of incident.members) {
    const key = memberKey(incidentId, alertId);
    const known = stored.members.get(key);
    if (known === card.teamId) continue;
    stored.members.set(key, card.teamId);
    if (known === undefined) {
      parts.members.push({
        incident_id: incidentId,
        alert_id: alertId,
        job_id: card.jobId,
        team_id: card.teamId,
        opened_at: incident.openedAt,
      });
    } else {
      // An earlier change may have brought it in.
      await writeMemberOnce.writeAll(tx, parts.members.splice(0));
      await moveMember(tx, [incidentId, alertId, card.teamId]);
    }
  }
  await takeInAlerts(tx, incident, change.alerts);
  if (change.cancels !== null) {
    // What an earlier change promised is pending, too.
    await writeNotificationOnce.writeAll(tx, parts.notifications.splice(0));
    await cancel(tx, incidentId, change.cancels);
  }
  parts.notifications.push(...change.notifications.map(notificationRowOf));
  for (const [position, event] of change.events.entries()) {
    parts.events.push(eventRowOf(event, version, position));
  }
  if (command === null) return;
  stored.commands.add(command.command.commandId);
  await keepCommand(tx, commandKeyOf(command.command), timeOf(change), command.answer);
}

/** Its job became another team's, who sees the incident from now on. */
const moveMember = fixedWrite(
  (db, [incidentId, alertId, teamId]: readonly [string, string, string]) =>
    db
      .updateTable("incident_member")
      .set({ team_id: teamId })
      .where("incident_id", "=", incidentId)
      .where("alert_id", "=", alertId),
);

function remember(stored: Stored, incident: Incident): void {
  const { incidentId, version } = incident;
  stored.versions.set(incidentId, version);
  stored.holders.delete(stored.keys.get(incidentId) ?? "");
  stored.keys.delete(incidentId);
  const key = openGroupKeyOf(incident);
  if (key === null) return;
  stored.holders.set(key, incidentId);
  stored.keys.set(incidentId, key);
}

async function cancel(
  tx: Kysely<Database>,
  incidentId: string,
  { userId, sparesWebhooks }: Cancels,
): Promise<void> {
  if (userId !== null) await cancelOf(tx, [incidentId, userId]);
  else if (sparesWebhooks === true) await cancelPersons(tx, [incidentId]);
  else await cancelAll(tx, [incidentId]);
}

/** A lease stays: should a message be under way, its sender says what became of it. */
const pendingOf = (db: Kysely<Database>, incidentId: string) =>
  db
    .updateTable("notification")
    .set({ state: "CANCELLED", next_attempt_at: null, due_at: null })
    .where("incident_id", "=", incidentId)
    .where("kind", "in", OVERTAKEN_KINDS)
    .where("state", "=", "PENDING");
const cancelAll = fixedWrite((db, [incidentId]: readonly [string]) => pendingOf(db, incidentId));
const cancelPersons = fixedWrite((db, [incidentId]: readonly [string]) =>
  pendingOf(db, incidentId).where("user_id", "is not", null),
);
const cancelOf = fixedWrite((db, [incidentId, userId]: readonly [string, string]) =>
  pendingOf(db, incidentId).where("user_id", "=", userId),
);

async function readStored(
  tx: Kysely<Database>,
  changes: readonly IncidentChange[],
): Promise<Stored> {
  const ids = [...new Set(changes.map(({ incident }) => incident.incidentId))];
  const keys = [...new Set(changes.flatMap(({ incident }) => openGroupKeyOf(incident) ?? []))];
  const commandIds = changes.flatMap(({ command }) => command?.command.commandId ?? []);
  const rows = [
    ...(await incidentsById(tx, padded(ids))),
    ...(keys.length === 0 ? [] : await incidentsByKey(tx, padded(keys))),
  ];
  const holders = new Map<string, string>();
  const held = new Map<string, string>();
  for (const { open_group_key: key, incident_id } of rows) {
    if (key === null) continue;
    holders.set(key, incident_id);
    held.set(incident_id, key);
  }
  return {
    versions: new Map(rows.map((row) => [row.incident_id, row.version])),
    holders,
    keys: held,
    members: await storedMembers(
      tx,
      changes.flatMap(({ incident, expectedVersion }) =>
        expectedVersion === 0 ? [] : incident.incidentId,
      ),
    ),
    commands: await storedCommands(tx, commandIds),
  };
}

const incidentsById = fixedQuery((db, ids: readonly string[]) =>
  db
    .selectFrom("incident")
    .select(["incident_id", "version", "open_group_key"])
    .where(inList("incident_id", ids)),
);

const incidentsByKey = fixedQuery((db, keys: readonly string[]) =>
  db
    .selectFrom("incident")
    .select(["incident_id", "version", "open_group_key"])
    .where(inList("open_group_key", keys)),
);

async function storedMembers(
  tx: Kysely<Database>,
  incidentIds: readonly string[],
): Promise<Map<string, string>> {
  if (incidentIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("incident_member")
    .select(["incident_id", "alert_id", "team_id"])
    .where(inList("incident_id", incidentIds))
    .execute();
  return new Map(rows.map((row) => [memberKey(row.incident_id, row.alert_id), row.team_id]));
}

async function storedCommands(
  tx: Kysely<Database>,
  commandIds: readonly string[],
): Promise<Set<string>> {
  if (commandIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom("command_done")
    .select("command_id")
    .where(inList("command_id", commandIds))
    .execute();
  return new Set(rows.map((row) => row.command_id));
}

/** The newest time that the change speaks of: a command that changes nothing does not move `updatedAt`. */
function timeOf({ incident, events, notifications }: IncidentChange): number {
  return Math.max(
    incident.updatedAt,
    ...events.map((event) => event.at),
    ...notifications.map((notification) => notification.createdAt),
  );
}

function memberKey(incidentId: string, alertId: string): string {
  return `${incidentId} ${alertId}`;
}

/** What a person did with an incident; also where it changed nothing. Of free words only that there were some. */
function commandFacts(change: IncidentChange): readonly AuditFact[] {
  const { incident, command } = change;
  if (command === null) return [];
  const { by, action, commandId, via } = command.command;
  const detail = {
    command: action.type,
    outcome: command.answer.outcome,
    commandId,
    ...(via === undefined ? {} : { via }),
    ...(action.type === "snooze" ? { until: new Date(action.untilMs).toISOString() } : {}),
    ...(by.userId.startsWith("webhook:") ? { webhookId: by.userId.slice("webhook:".length) } : {}),
  };
  const { incidentId, teamId } = incident;
  return [
    {
      at: timeOf(change),
      ...actorOf(by),
      action: "incident-command",
      subjectKind: "incident",
      subjectId: incidentId,
      teamId,
      detail,
    },
  ];
}

/** The whole of a command but its author, short enough for its row. */
export function commandKeyOf({ commandId, incidentId, by, action }: IncidentCommand): CommandKey {
  const { type, ...given } = action;
  const body = contentIdOf(incidentId, type, ...Object.values(given).map(String));
  return { commandId, userId: by.userId, action: `${type} ${body}` };
}
