import type { CommandView } from "batchwatch/router";
import type { DeviceStore } from "./device-store.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import type { Call } from "./post-call.ts";
import {
  begun,
  nextDue,
  type SendResult,
  settled,
  type StoredCommand,
  withoutLate,
  withoutOld,
} from "./queue.ts";

export interface SenderParts {
  readonly store: DeviceStore;
  readonly call: Call;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** The queue changed. */
  readonly onChange: () => void;
}

/**
 * Sends what is due, one after the other, each marked before and settled after. Stopped between any two steps it
 * loses nothing: what is still marked is sent again under its id. Ends at the first sign that the server is away.
 * @param eager cut waits between attempts short
 */
export async function sendDue(parts: SenderParts, eager: boolean): Promise<void> {
  for (let sent = 0; sent < LIMITS.commands; sent += 1) {
    // oxlint-disable no-await-in-loop -- in order, one at a time
    const command = await takeNext(parts, eager);
    if (command === null) return;
    const result = await send(parts.call, command);
    await parts.store.update("commands", (commands = []) =>
      settled(commands, command.commandId, result, parts.now(), parts.random()),
    );
    // oxlint-enable no-await-in-loop
    parts.onChange();
    if (result.kind === "later" || (result.kind === "signed-out" && result.isAll)) return;
  }
}

/** Marks the next due command as being sent. Null: none is due, or it is not known who is signed in. */
async function takeNext(
  { store, now, onChange }: SenderParts,
  eager: boolean,
): Promise<StoredCommand | null> {
  const owner = await store.get("owner");
  if (owner?.confirmed !== true) return null;
  let taken: StoredCommand | null = null;
  let isChanged = false;
  await store.update("commands", (before = []) => {
    const commands = withoutLate(withoutOld(before, now()), now());
    isChanged = commands !== before;
    taken = nextDue(commands, owner.userId, now(), eager);
    return taken === null ? commands : begun(commands, taken.commandId, now());
  });
  if (taken !== null || isChanged) onChange();
  return taken;
}

async function send(call: Call, command: StoredCommand): Promise<SendResult> {
  const { path, input } = requestOf(command);
  const result = await call(path, input);
  if (result.kind !== "answered") return result;
  const answer = result.data as Partial<CommandView> | null;
  if (typeof answer?.outcome !== "string") return { kind: "later", retryAfterMs: null };
  return { kind: "answered", answer: answer as CommandView };
}

function requestOf({ commandId, incidentId, action }: StoredCommand): {
  readonly path: string;
  readonly input: object;
} {
  const { type, ...fields } = action;
  // Their procedures have the actions' names, in one word: `take-over` is `takeOver`.
  const name = type.replaceAll(/-./g, (start) => start.slice(1).toUpperCase());
  return { path: `incidents.${name}`, input: { commandId, incidentId, ...fields } };
}
