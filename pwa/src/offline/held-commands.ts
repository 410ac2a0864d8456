import { listen } from "./channel.ts";
import type { DeviceStore } from "./device-store.ts";
import type { Kept } from "./kept.ts";
import { type Commands, isEnded, type StoredCommand } from "./queue.ts";

type Change = (before: Commands | undefined) => Commands;

/**
 * A store that takes a command also where the device refuses to write, as a full phone does: a full phone is no reason not
 * to send over a working network. What was refused is held in memory, sent like the rest, and kept as soon as the device
 * takes it; until then it is marked (`isUnkept`), as it ends with its page.
 */
export function holdingCommands(store: DeviceStore): DeviceStore {
  let held: Commands | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const drop = (): void => {
    held = null;
  };
  // Another page signed in or out: what is held here is another's.
  listen(({ type }) => {
    if (type === "owner") drop();
  });

  async function update(change: Change): Promise<void> {
    try {
      await store.update("commands", (before) => change(joined(before, held)).map(asKept));
      drop();
    } catch {
      const before = await store.get("commands").catch(() => undefined);
      const known = new Set(before?.map(({ commandId }) => commandId));
      held = change(joined(before, held)).map((command) =>
        isEnded(command) || known.has(command.commandId) ? command : { ...command, isUnkept: true },
      );
    }
  }

  return {
    ...store,
    get: async <K extends keyof Kept>(key: K) => {
      const value = await store.get(key);
      return key === "commands" ? (joined(value as Commands, held) as Kept[K]) : value;
    },
    update: <K extends keyof Kept>(key: K, change: (before: Kept[K] | undefined) => Kept[K]) => {
      if (key !== "commands") return store.update(key, change);
      // One after the other: what one was refused is part of what the next begins with.
      const done = last.then(() => update(change as unknown as Change));
      last = done.catch(() => {});
      return done;
    },
    set: async (key, value) => {
      if (key === "commands") drop();
      await store.set(key, value);
    },
    remove: async (...keys) => {
      if (keys.includes("commands")) drop();
      await store.remove(...keys);
    },
    clear: async () => {
      drop();
      await store.clear();
    },
  };
}

/** In the order in which they were made. Of one that is in both, the one that has come further: what has ended, else what is held. */
function joined(kept: Commands | undefined, held: Commands | null): Commands | undefined {
  if (held === null) return kept;
  const byId = new Map((kept ?? []).map((command) => [command.commandId, command]));
  for (const command of held) {
    const known = byId.get(command.commandId);
    if (known === undefined || !isEnded(known)) byId.set(command.commandId, command);
  }
  return [...byId.values()].toSorted((a, b) => Date.parse(a.madeAt) - Date.parse(b.madeAt));
}

function asKept(command: StoredCommand): StoredCommand {
  if (command.isUnkept === undefined) return command;
  const { isUnkept: _, ...kept } = command;
  return kept;
}
