import { randomUUID } from "node:crypto";
import {
  type Alert,
  type Board,
  type BoardChange,
  type CommandAnswer,
  LIMITS,
  type PartitionLog,
  type Person,
  scopeOf,
  type Stores,
  type User,
} from "@batchwatch/engine";
import { AckTokens } from "./auth/ack-token.ts";
import type { Directory } from "./auth/directory.ts";
import { mayCall } from "./auth/policy.ts";
import type { Seal } from "./auth/seal.ts";
import type { AckView } from "./http/ack-page.ts";
import type { AckRouteOptions } from "./http/ack-routes.ts";
import type { AlertingFacts } from "./http/health-facts.ts";
import type { Logger } from "./logger.ts";
import { AlertingHost } from "./notify/alerting-host.ts";
import { crashPoints } from "./notify/crash-points.ts";
import { Canary } from "./notify/canary.ts";
import { webPush } from "./notify/late-libraries.ts";
import { makeNotifier } from "./notify/make-notifier.ts";
import { checkPushEndpoint } from "./notify/push-endpoint.ts";
import { mayFollowLink } from "./notify/links.ts";
import { Outbound } from "./notify/outbound.ts";
import { HostsOf } from "./notify/hosts-of.ts";
import { ReceiverDirectory } from "./notify/receiver-directory.ts";
import { pushTargetOf, targetOf } from "./notify/target.ts";
import { openVapid, pushSubjectOf, type Vapid } from "./notify/vapid.ts";
import type { Settings } from "./settings.ts";
import { ForeignJobs } from "./trpc/foreign-jobs.ts";
import { isForeignIncident } from "./trpc/incident-scope.ts";
import { type AlertingParts, makeAlertingServices } from "./trpc/make-alerting-services.ts";
import { servedStores } from "./trpc/served-stores.ts";
import type { AlertingServices } from "./trpc/make-services.ts";

export interface AlertingSetup {
  readonly settings: Settings;
  readonly seal: Seal;
  readonly stores: Stores;
  readonly readers: Stores;
  readonly directory: Directory;
  readonly board: Board;
  readonly log: Pick<PartitionLog, "append">;
  readonly publicUrl: () => string;
  /** When a source was heard of again after a silence, epoch ms. */
  readonly returnedAt: (sourceId: string) => number | null;
  readonly proofs: NonNullable<AlertingParts["proofs"]>;
  readonly onRows: (rows: readonly BoardChange[]) => void;
  /** Alerts that changed, as they stand now. */
  readonly onAlerts: (alerts: readonly Alert[]) => void;
  readonly logger: Logger;
  /** Folder of the signal files of tests; null outside of tests. */
  readonly faultsDir: string | null;
  readonly now: () => number;
}

export interface Alerting {
  readonly host: AlertingHost;
  readonly receivers: ReceiverDirectory;
  readonly services: AlertingServices;
  readonly foreign: ForeignJobs;
  readonly ack: AckRouteOptions;
  readonly facts: () => AlertingFacts;
  /** Shows open incidents at once; the canary waits until the engine is live. */
  start(live: Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Wires incidents, those who are told of them, and the ways to tell them. */
export async function makeAlerting(setup: AlertingSetup): Promise<Alerting> {
  const { settings, seal, stores, readers, directory, logger, now, publicUrl } = setup;
  const pushOn = settings.notificationChannels.includes("webpush");
  const receivers = new ReceiverDirectory({
    receivers: stores.receivers,
    people: directory,
    returnedAt: setup.returnedAt,
    alertsOn: settings.alertsEnabled,
    pushOn,
    zone: settings.timeZone,
  });
  await receivers.refresh();

  const vapid = await vapidOf(pushOn, setup);
  const outbound = {
    webhook: new Outbound({ target: (url) => targetOf(url, settings.webhookAllowedHosts), now }),
    push: new Outbound({ target: (url) => pushTargetOf(url, settings.pushAllowedHosts), now }),
  };
  const canary = new Canary({
    append: (records) => setup.log.append(records),
    now,
    onError: (error) => logger.warn({ err: error }, "the canary's failure could not be kept"),
  });
  const warm = (): void => {
    if (receivers.hasDevices) webPush();
    if (receivers.hasDevices) outbound.push.warm();
    if (receivers.hasWebhooks) outbound.webhook.warm();
  };
  let isLive = false;
  directory.onChange(() => {
    const read = receivers.refresh().then(() => (isLive ? warm() : undefined));
    read.catch((error: unknown) => {
      logger.warn({ err: error }, "who can be told could not be read again");
    });
  });
  const hosts = new HostsOf(receivers);
  const owner = randomUUID();
  const host: AlertingHost = new AlertingHost({
    stores,
    receivers,
    people: directory,
    canary,
    owner,
    crash: setup.faultsDir === null ? null : crashPoints(setup.faultsDir, stores),
    now,
    notifier: makeNotifier({
      known: receivers,
      receivers: stores.receivers,
      outbound,
      vapid,
      seal,
      publicUrl,
      badge: (userId) => {
        const user = directory.userById(userId);
        return user === null ? null : host.needing(userId, scopeOf(user));
      },
      zone: settings.timeZone,
      now,
      onError: (error) => logger.error({ err: error }, "a notification could not be prepared"),
    }),
    hostOf: (notification) => hosts.of(notification),
    onRows: setup.onRows,
    onAlerts: setup.onAlerts,
    onError: (error, what) => logger.warn({ err: error }, what),
  });
  const teams = () => readers.identity.teams();
  const foreign = new ForeignJobs({
    board: setup.board,
    teams,
    onCallOf: (teamId) => receivers.peopleOf(teamId)[0]?.person.name ?? null,
  });
  const services = makeAlertingServices({
    stores: servedStores(stores),
    readers,
    receivers,
    people: directory,
    teams,
    foreign,
    command: (command) => host.command(command),
    rowOf: (incident) => host.rowOf(incident),
    publicKey: () => ("unavailable" in vapid ? null : vapid.publicKey),
    checkEndpoint: (endpoint) => checkPushEndpoint(endpoint, settings.pushAllowedHosts, vapid),
    promised: (notification) => host.send(notification),
    proofs: setup.proofs,
    lease: () => ({ owner, until: now() + LIMITS.sendLeaseMs }),
    changed: async () => {
      await directory.refresh();
      await receivers.refresh();
    },
    now,
  });
  return {
    host,
    receivers,
    services,
    foreign,
    ack: {
      tokens: new AckTokens(seal),
      look: async (notificationId, incidentId) => {
        const view = await look(readers, receivers, notificationId, incidentId);
        return view !== null && mayFollowLink(view.notification, receivers, directory)
          ? view
          : null;
      },
      acknowledge: (by, view, commandId) =>
        acknowledge(services, directory, host, { by, view, commandId }),
      now,
    },
    facts: () => ({
      on: settings.alertsEnabled,
      canary: canary.state(),
      pushTrouble: pushOn && "unavailable" in vapid ? vapid.unavailable : null,
      unreachedSince: host.unreachedSince,
      ...host.counts,
    }),
    start: async (live) => {
      await host.start();
      await live;
      isLive = true;
      warm();
      if (settings.alertsEnabled) canary.start();
    },
    stop: async () => {
      canary.stop();
      await host.stop();
    },
  };
}

async function vapidOf(
  pushOn: boolean,
  { settings, seal, stores, logger }: AlertingSetup,
): Promise<Vapid | { readonly unavailable: string }> {
  if (!pushOn) return { unavailable: "Push is not among BATCHWATCH_NOTIFICATION_CHANNELS." };
  try {
    const subject = pushSubjectOf(settings);
    return await openVapid({ receivers: stores.receivers, seal, subject });
  } catch (error) {
    logger.error({ err: error }, "the push keys cannot be opened: no phone can be woken");
    return { unavailable: "The push keys were sealed with another secret file." };
  }
}

async function look(
  readers: Stores,
  receivers: ReceiverDirectory,
  notificationId: string,
  incidentId: string,
): Promise<AckView | null> {
  const incident = await readers.incidents.get(incidentId);
  if (incident === null) return null;
  const notification = await readers.outbox.get(notificationId);
  if (notification === null || notification.incidentId !== incidentId) return null;
  const ofTeam =
    notification.channel === "webhook" ? receivers.webhook(notification.targetId)?.teamId : null;
  const isOthers = ofTeam !== null && ofTeam !== incident.teamId;
  return { notification, incident, isOthers };
}

/**
 * A person by their role and teams, as anywhere else; a webhook's link acts in the name of the webhook, where the incident is of
 * its team.
 */
async function acknowledge(
  services: AlertingServices,
  directory: Pick<Directory, "userById">,
  host: AlertingHost,
  tap: { readonly by: Person; readonly view: AckView; readonly commandId: string },
): Promise<CommandAnswer | null> {
  const { by, view, commandId } = tap;
  const { incidentId } = view.incident;
  const action = { type: "acknowledge" } as const;
  if (by.userId.startsWith("webhook:")) {
    if (view.isOthers) return null;
    return host.command({ commandId, incidentId, by, action, via: "link" });
  }
  const user: User | null = directory.userById(by.userId);
  if (user === null || !mayCall(user.role, "incidents.acknowledge")) return null;
  try {
    return await services.incidents.answer(
      scopeOf(user),
      user,
      commandId,
      incidentId,
      action,
      "link",
    );
  } catch (error) {
    if (isForeignIncident(error)) return null;
    throw error;
  }
}
