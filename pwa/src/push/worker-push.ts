import type { NotificationKind } from "batchwatch/router";
import { tell } from "../offline/channel.ts";
import { deviceStore } from "../offline/device-store.ts";
import type { KeptCard } from "../offline/kept.ts";
import { flush } from "../offline/outgoing.ts";
import { withReceipt } from "../offline/receipts.ts";
import { withCard } from "./kept-cards.ts";
import { type PushedIncident, type PushMessage, readPush } from "./push-message.ts";
import { updateConfirmations } from "./worker-click.ts";
import type { PushEventLike, ShownNotification, WorkerScope } from "./worker-scope.ts";

/** Kinds that ask somebody to act. */
const ASKING: ReadonlySet<string> = new Set<NotificationKind>(["page", "reminder"]);

/** An update asks, too, while nobody has the incident: it takes the place of the page that does. */
function asks({ kind, isTaken }: PushedIncident): boolean {
  return ASKING.has(kind) || (kind === ("update" satisfies NotificationKind) && !isTaken);
}

/** Shows first and unconditionally; all else follows, and none of it can keep the message from being shown. */
export async function onPush(worker: WorkerScope, event: PushEventLike): Promise<void> {
  const message = readPush(event.data?.text() ?? null, worker.location.origin);
  const isShown = await show(worker, message);
  const badge = message.badge === null ? undefined : setBadge(worker, message.badge);
  await Promise.allSettled([badge, note(worker, message, isShown)]);
  await flush(true);
  // What was kept without a network may have gone with it.
  await updateConfirmations(worker.registration);
}

async function note(worker: WorkerScope, message: PushMessage, isShown: boolean): Promise<void> {
  const { notificationId } = message;
  await keepCard(worker, message);
  if (!isShown || notificationId === null) return;
  const receipt = { notificationId, kind: "shown", at: Date.now() } as const;
  await deviceStore.update("receipts", (receipts = []) => withReceipt(receipts, receipt));
  tell({ type: "shown", notificationId });
}

async function setBadge(worker: WorkerScope, count: number): Promise<void> {
  await (worker.navigator as Partial<Navigator>).setAppBadge?.(count);
}

async function show(worker: WorkerScope, message: PushMessage): Promise<boolean> {
  try {
    await worker.registration.showNotification(
      message.title,
      optionsOf(message, worker.registration.scope),
    );
    return true;
  } catch {
    // The permission was taken back; the browser then says so to the page.
    return false;
  }
}

function optionsOf(
  { incident, path, notificationId, ...message }: PushMessage,
  scope: string,
): ShownNotification {
  const { title, body, tag, silent } = message;
  const isAsking = incident !== null && asks(incident);
  return {
    body,
    tag,
    silent,
    renotify: !silent,
    navigate: new URL(path, scope).href,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    requireInteraction: isAsking,
    ...(incident !== null && !Number.isNaN(incident.since) && { timestamp: incident.since }),
    ...(isAsking && { actions: ACTIONS }),
    data: {
      path,
      notificationId,
      incidentId: incident?.incidentId ?? null,
      title,
      commandId: null,
    },
  };
}

/** Two are what every browser with buttons can show; others ignore them. */
const ACTIONS = [
  { action: "acknowledge", title: "Acknowledge" },
  { action: "open", title: "Open" },
] as const;

/**
 * Keeps the card for a look without a network. A push that was overtaken on its way does not replace what is newer:
 * the newer words are then shown again, in silence.
 */
async function keepCard(worker: WorkerScope, message: PushMessage): Promise<void> {
  const { incident, title, body } = message;
  if (incident === null || (await deviceStore.get("owner")) === undefined) return;
  const { incidentId, version, card } = incident;
  const kept = { incidentId, version, title, body, card, receivedAt: new Date().toISOString() };
  let newest: KeptCard = kept;
  await deviceStore.update("cards", (cards = []) => {
    const after = withCard(cards, kept);
    newest = after.find((one) => one.incidentId === incidentId) ?? kept;
    return after;
  });
  if (newest === kept) return;
  await show(worker, { ...message, title: newest.title, body: newest.body, silent: true });
}
