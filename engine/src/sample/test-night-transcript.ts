import { wallClockAt } from "../contracts/zone-time.ts";
import type { Alert } from "../model/alert.ts";
import type { Incident, IncidentEvent } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { NightDesk, Received } from "./test-night-desk.ts";
import { NIGHT_SOURCE } from "./test-night.ts";

/** A night as a person reads it: each incident with all that was sent of it and all that became of it, then a summary. */
export function transcriptOf(title: string, night: NightDesk): string {
  const { incidents } = night.stores.tables;
  const inOrder = [...incidents.values()].sort((a, b) => a.openedAt - b.openedAt);
  const sections = inOrder.map((incident, index) => sectionOf(index + 1, incident, night));
  const head = [title, `Times are of ${NIGHT_SOURCE.zone}.`];
  return `${[head, ...sections, summaryOf(inOrder, night)].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

interface Line {
  readonly at: number;
  readonly text: string;
}

function sectionOf(number: number, incident: Incident, night: NightDesk): readonly string[] {
  const { incidentId, severity, causeKind, members } = incident;
  const events = night.stores.tables.events.get(incidentId) ?? [];
  const received = night.received.filter(
    ({ notification }) => notification.incidentId === incidentId,
  );
  const lines = [...events.map(eventLine), ...receivedLines(received)];
  return [
    `Incident ${number}: ${members[0]?.card.jobName ?? "?"}, ${causeKind}, ${severity}, ${endOf(incident)}`,
    ...lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `${timeOf(at)}  ${text}`),
  ];
}

function endOf({ openedAt, resolvedAt, resolution, state }: Incident): string {
  const end = resolvedAt === null ? `still ${state}` : `${timeOf(resolvedAt)} ${resolution}`;
  return `${timeOf(openedAt)} to ${end}`;
}

function eventLine({ at, kind, by, text }: IncidentEvent): Line {
  const words = [kind.replaceAll("-", " "), by === null ? null : `by ${by.name}`, text];
  return { at, text: `- ${words.filter((word) => word !== null).join(" ")}` };
}

function receivedLines(received: readonly Received[]): readonly Line[] {
  const paged = new Set<string>();
  return received.map(({ at, notification }) => {
    const { kind, targetId, card } = notification;
    const word = kind === "page" && paged.has(targetId) ? "page again" : kind;
    if (kind === "page") paged.add(targetId);
    const next =
      card.nextPerson === null || card.nextAt === null
        ? ""
        : ` [then ${card.nextPerson} ${timeOf(Date.parse(card.nextAt))}]`;
    const to = receiverOf(notification).padEnd(26);
    return { at, text: `${word.padEnd(10)} ${to} ${card.title}: ${card.body}${next}` };
  });
}

function receiverOf({ channel, receiver }: Notification): string {
  return channel === "webpush" ? `phone of ${receiver}` : `webhook ${receiver}`;
}

function summaryOf(incidents: readonly Incident[], { received, stores }: NightDesk): string[] {
  const woken = counted(
    received
      .filter(({ notification }) => notification.kind === "page")
      .map(({ notification }) => receiverOf(notification)),
  );
  const informed = counted(
    received
      .filter(({ notification }) => notification.kind !== "page")
      .map(({ notification }) => `${notification.kind} ${receiverOf(notification)}`),
  );
  const alerts = [...stores.tables.alerts.values()].sort(byBeginning);
  const numbers = new Map(incidents.map(({ incidentId }, index) => [incidentId, index + 1]));
  return [
    "Summary",
    `${incidents.length} incidents of ${alerts.length} alerts, ${received.length} messages`,
    ...woken.map((line) => `pages: ${line}`),
    ...informed.map((line) => `other: ${line}`),
    ...alerts.map((alert) => alertLine(alert, numbers)),
  ];
}

function alertLine(alert: Alert, numbers: ReadonlyMap<string, number>): string {
  const { rule, since, endedAt, ending, incidentId, reason, card } = alert;
  const times = `${timeOf(since)} to ${endedAt === null ? "the end" : `${timeOf(endedAt)} ${ending}`}`;
  const home = incidentId === null ? "no incident" : `incident ${numbers.get(incidentId)}`;
  const told = reason === null ? "told" : `nobody told: ${reason}`;
  return `alert: ${card.jobName} ${rule} ${times}, ${home}, ${told}`;
}

function byBeginning(a: Alert, b: Alert): number {
  return a.since - b.since || (a.alertId < b.alertId ? -1 : 1);
}

function counted(words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word} ${count}`).sort();
}

function timeOf(at: number): string {
  return new Date(wallClockAt(at, NIGHT_SOURCE.zone)).toISOString().slice(11, 19);
}
