import { commandsChanged } from "./outgoing.ts";
import { deviceStore } from "./device-store.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import { type IncidentActionInput, type StoredCommand, withCommand } from "./queue.ts";

/**
 * Keeps a command on this device, under an id that it has for ever; it is not sent yet.
 * @throws Error when nobody is known to be signed in, or too many commands wait already
 */
export async function keepCommand(
  incidentId: string,
  action: IncidentActionInput,
): Promise<StoredCommand> {
  const owner = await deviceStore.get("owner");
  if (owner === undefined) throw new Error("Nobody is signed in. Nothing was kept.");
  const command: StoredCommand = {
    commandId: crypto.randomUUID(),
    incidentId,
    action,
    madeAt: new Date().toISOString(),
    state: "waiting",
    answeredAt: null,
    answer: null,
    refusal: null,
    userId: owner.userId,
    attempts: 0,
    triedAt: null,
    notBefore: 0,
  };
  let isKept = false;
  await deviceStore.update("commands", (before = []) => {
    const after = withCommand(before, command);
    isKept = after !== null;
    return after ?? before;
  });
  if (!isKept) throw new Error(`${LIMITS.commands} commands wait already. Nothing was kept.`);
  commandsChanged();
  return command;
}
