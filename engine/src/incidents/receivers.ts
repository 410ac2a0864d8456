import type { AlertCard, UntoldReason } from "../model/alert.ts";
import type { Incident, IncidentMember } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld, Pageable, Policy } from "../model/policy.ts";
import { followList, inOrder } from "./ladder-order.ts";
import { firingOf } from "./members.ts";

/** One device or webhook. */
export type Receiver = Pick<Notification, "channel" | "targetId" | "userId" | "receiver"> & {
  /** The part of the incident whose message on the device is replaced; absent: the incident's own. */
  readonly replaces?: string;
};

export function devicesOf({ person, devices }: Pageable): readonly Receiver[] {
  return devices.map((targetId) => ({
    channel: "webpush",
    targetId,
    userId: person.userId,
    receiver: person.name,
  }));
}

/** The devices of who has it, on the list or not. */
export function holderOf(
  world: AlertingWorld,
  { acknowledgedBy }: Pick<Incident, "acknowledgedBy">,
): readonly Receiver[] {
  const holder = acknowledgedBy === null ? null : world.pageableOf(acknowledgedBy.userId);
  return holder === null ? [] : devicesOf(holder);
}

export function webhooksOf({ webhooks }: Policy): readonly Receiver[] {
  return webhooks.map(({ webhookId, name }) => ({
    channel: "webhook",
    targetId: webhookId,
    userId: null,
    receiver: name,
  }));
}

/** A silent source is told to those who run Batchwatch, all else to the team that owns the job; in the order of the ladder. */
export function policyFor(
  world: AlertingWorld,
  incident: Pick<Incident, "causeKind" | "teamId" | "escalation">,
): Policy {
  const policy = listFor(world, incident);
  const people = inOrder(policy.people, incident.escalation);
  return people === policy.people ? policy : { ...policy, people };
}

/** The incident with its ladder on the list as it is now. */
export function onList(world: AlertingWorld, incident: Incident): Incident {
  const escalation = followList(listFor(world, incident).people, incident.escalation);
  return escalation === incident.escalation ? incident : { ...incident, escalation };
}

function listFor(
  world: AlertingWorld,
  { causeKind, teamId }: Pick<Incident, "causeKind" | "teamId">,
): Policy {
  return causeKind === "SOURCE_SILENT" ? world.platformPolicy : world.policyOf(teamId);
}

/** Why nobody may be told of what this source's jobs do; null: they may. A source that is not known is taken for a paging one. */
export function muteOf(
  world: AlertingWorld,
  card: Pick<AlertCard, "sourceId">,
): UntoldReason | null {
  if (!world.alertsOn) return "alerts-off";
  const source = world.sourceOf(card.sourceId);
  if (source === null) return null;
  if (source.environment !== "PROD") return "not-production";
  return source.pagingMode === "PAGING" ? null : "source-watching";
}

/** Null as soon as one thing that fires in it may be told. */
export function muteOfIncident(world: AlertingWorld, incident: Incident): UntoldReason | null {
  const mutes = firingOf(incident).map(({ card }) => muteOf(world, card));
  return mutes.includes(null) ? null : (mutes[0] ?? null);
}

/** Reasons that are a setting: they end when somebody changes it, whatever the incident does. */
const MUTES: ReadonlySet<UntoldReason> = new Set([
  "alerts-off",
  "not-production",
  "source-watching",
]);

export function isMute(reason: UntoldReason | null | undefined): boolean {
  return reason != null && MUTES.has(reason);
}

/** Whether a setting is why nobody was told of it, and nobody has it: the setting's end is its page [INC-20]. */
export function isKeptQuiet({ untold, acknowledgedBy, resolution }: Incident): boolean {
  return isMute(untold) && acknowledgedBy === null && resolution === null;
}

/** What fires in an incident that is kept quiet and may be told by now. A source that is not known (yet) says nothing. */
export function audibleNow(incident: Incident, world: AlertingWorld): readonly IncidentMember[] {
  if (!isKeptQuiet(incident)) return [];
  return firingOf(incident).filter(
    ({ card }) => world.sourceOf(card.sourceId) !== null && muteOf(world, card) === null,
  );
}
