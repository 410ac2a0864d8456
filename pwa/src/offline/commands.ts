import { useMemo, useSyncExternalStore } from "react";
import { listen } from "./channel.ts";
import { deviceStore } from "./device-store.ts";
import { keepCommand } from "./new-command.ts";
import { askForSync, flush, onCommandsChanged } from "./outgoing.ts";
import type { Commands, IncidentActionInput, QueuedCommand } from "./queue.ts";

export type { IncidentActionInput, QueuedCommand } from "./queue.ts";

const NONE: Commands = [];
let shown: Commands | null = null;
const listeners = new Set<() => void>();
const sentListeners = new Set<() => void>();

/** Reads the kept commands again; a slow read never replaces a newer one. */
let reading = 0;
async function read(): Promise<void> {
  reading += 1;
  const mine = reading;
  const commands = await deviceStore.get("commands").catch(() => NONE);
  if (mine !== reading) return;
  shown = commands ?? NONE;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (shown === null && reading === 0) void read();
  return () => listeners.delete(listener);
}

onCommandsChanged(() => void read());
listen((message) => {
  if (message.type === "commands" || message.type === "owner") void read();
});

/**
 * Keeps the command on this device and sends it as soon as the server can be reached, in order with the others of
 * its incident. Resolves once it is kept, not when it is sent.
 * @throws Error when nobody is known to be signed in, or too many commands wait already
 */
export async function sendCommand(
  incidentId: string,
  action: IncidentActionInput,
): Promise<QueuedCommand> {
  const command = await keepCommand(incidentId, action);
  void flush(true).then(wakeWorkerLater);
  for (const listener of sentListeners) listener();
  return command;
}

/** The kept commands about an incident, newest last. */
export function useCommands(incidentId: string): readonly QueuedCommand[] {
  const all = useAllCommands();
  return useMemo(
    () => all.filter((command) => command.incidentId === incidentId),
    [all, incidentId],
  );
}

/** Every kept command, newest last. */
export function useAllCommands(): readonly QueuedCommand[] {
  return useSyncExternalStore(subscribe, () => shown ?? NONE);
}

/** Called after each command that a person gives in this page. */
export function onCommandGiven(listener: () => void): () => void {
  sentListeners.add(listener);
  return () => sentListeners.delete(listener);
}

/** What could not be sent now is sent by the service worker when the network is back, where browsers do that. */
async function wakeWorkerLater(): Promise<void> {
  const commands = (await deviceStore.get("commands")) ?? NONE;
  if (!commands.some(({ state }) => state === "waiting")) return;
  const registration = await (navigator as Partial<Navigator>).serviceWorker?.getRegistration();
  if (registration !== undefined) await askForSync(registration);
}
