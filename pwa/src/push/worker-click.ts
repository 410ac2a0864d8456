import { deviceStore } from "../offline/device-store.ts";
import { keepCommand } from "../offline/new-command.ts";
import { askForSync, flush } from "../offline/outgoing.ts";
import { isEnded, type StoredCommand } from "../offline/queue.ts";
import { withReceipt } from "../offline/receipts.ts";
import { type Confirmation, confirmationOf } from "./command-words.ts";
import { openAt } from "./worker-open.ts";
import type {
  NotificationData,
  NotificationEventLike,
  ShownNotification,
  WorkerScope,
} from "./worker-scope.ts";

/** A tap opens the incident; its button acknowledges without opening anything. */
export async function onNotificationClick(
  worker: WorkerScope,
  event: NotificationEventLike,
): Promise<void> {
  const { notification, action } = event;
  const data = notification.data as NotificationData | null;
  notification.close();
  if (action === "acknowledge" && data !== null && data.incidentId !== null) {
    await noteSeen(data);
    await acknowledge(worker, { ...data, incidentId: data.incidentId }, notification.tag);
    return;
  }
  // The window first: a browser lets a worker open one only for a moment after the tap.
  await openAt(worker, data?.path ?? "/");
  if (data !== null) await noteSeen(data);
  await flush(true);
  await updateConfirmations(worker.registration);
}

async function noteSeen({ notificationId }: NotificationData): Promise<void> {
  if (notificationId === null) return;
  const receipt = { notificationId, kind: "seen", at: Date.now() } as const;
  await deviceStore.update("receipts", (receipts = []) => withReceipt(receipts, receipt));
}

async function acknowledge(
  worker: WorkerScope,
  data: NotificationData & { readonly incidentId: string },
  tag: string,
): Promise<void> {
  let command: StoredCommand;
  try {
    command = await keepCommand(data.incidentId, { type: "acknowledge" });
  } catch (error) {
    const body = error instanceof Error ? error.message : "It could not be kept on this phone.";
    await confirm(worker.registration, data, tag, { title: "Not acknowledged", body }, null);
    return;
  }
  await flush(true);
  const after = (await keptCommand(command.commandId)) ?? command;
  const isSentByItself = !isEnded(after) && (await askForSync(worker.registration));
  await confirm(worker.registration, data, tag, confirmationOf(after, isSentByItself), after);
  await updateConfirmations(worker.registration);
}

/** Replaces the notifications that say "Not sent yet" about commands that have ended meanwhile. */
export async function updateConfirmations(registration: ServiceWorkerRegistration): Promise<void> {
  const shown = await registration.getNotifications();
  for (const { data: value, tag } of shown) {
    const data = value as NotificationData | null;
    if (data === null || data.commandId === null) continue;
    // oxlint-disable-next-line no-await-in-loop -- one or two are shown at most
    const command = await keptCommand(data.commandId);
    if (command === undefined || !isEnded(command)) continue;
    // oxlint-disable-next-line no-await-in-loop
    await confirm(registration, data, tag, confirmationOf(command, true), command);
  }
}

async function keptCommand(commandId: string): Promise<StoredCommand | undefined> {
  const commands = await deviceStore.get("commands");
  return commands?.find((one) => one.commandId === commandId);
}

async function confirm(
  registration: ServiceWorkerRegistration,
  data: NotificationData,
  tag: string,
  words: Confirmation,
  command: StoredCommand | null,
): Promise<void> {
  const path = pathAfter(command) ?? data.path;
  const options: ShownNotification = {
    body: `${data.title}. ${words.body}`,
    tag,
    silent: true,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    navigate: new URL(path, registration.scope).href,
    data: {
      ...data,
      path,
      commandId: command === null || isEnded(command) ? null : command.commandId,
    },
  };
  try {
    await registration.showNotification(words.title, options);
  } catch {
    // The permission was taken back; the command is kept all the same.
  }
}

/** Where it goes on when the incident is part of another one; null: where it was. */
function pathAfter(command: StoredCommand | null): string | null {
  const mergedInto = command?.answer?.mergedInto ?? null;
  return mergedInto === null ? null : `/incidents/${encodeURIComponent(mergedInto)}`;
}
