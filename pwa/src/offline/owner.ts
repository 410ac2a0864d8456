import type { DeviceStore } from "./device-store.ts";
import type { Kept, Owner } from "./kept.ts";
import { whenSignedIn, whileSignedOut } from "./queue.ts";

/**
 * The server said who is signed in. Everything kept for anybody else is gone before this resolves.
 * @returns whose device it was until now
 */
export async function claim(
  store: DeviceStore,
  userId: string,
): Promise<"same" | "other" | "nobody"> {
  const before = await store.get("owner");
  if (before?.userId === userId) {
    if (before.confirmed) return "same";
    await store.update("commands", (commands = []) => whenSignedIn(commands));
    await setOwner(store, { userId, confirmed: true });
    return "same";
  }
  await store.clear();
  await store.set("owner", { userId, confirmed: true });
  return before === undefined ? "nobody" : "other";
}

/** Somebody begins to sign in: nothing is sent until it is known who. Undo with what this resolves to. */
export async function hold(store: DeviceStore): Promise<() => Promise<void>> {
  const before = await store.get("owner");
  if (before?.confirmed !== true) return async () => {};
  await setOwner(store, { ...before, confirmed: false });
  return () => setOwner(store, before);
}

/** The session ended by itself: what was shown is gone; what its owner did waits for them, as do cards they got. */
export async function loseSession(store: DeviceStore): Promise<void> {
  const before = await store.get("owner");
  if (before?.confirmed !== true) return;
  await setOwner(store, { ...before, confirmed: false });
  await store.remove("me", "board", "boardConfirmed", "incidents");
  await store.update("commands", (commands = []) => whileSignedOut(commands));
}

/** On a device that is full, what the server has as well makes room for whose it is: without it nobody could sign in. */
async function setOwner(store: DeviceStore, owner: Owner): Promise<void> {
  try {
    await store.set("owner", owner);
  } catch {
    await store.remove("board", "boardConfirmed", "incidents");
    await store.set("owner", owner);
  }
}

/** Keeps something for this person, and for nobody else: not once they have left, not if they leave meanwhile. */
export async function keepFor<K extends keyof Kept>(
  store: DeviceStore,
  userId: string,
  key: K,
  change: (before: Kept[K] | undefined) => Kept[K],
): Promise<boolean> {
  if (!(await isOwner(store, userId))) return false;
  await store.update(key, change);
  if (await isOwner(store, userId)) return true;
  await store.remove(key);
  return false;
}

async function isOwner(store: DeviceStore, userId: string): Promise<boolean> {
  const owner = await store.get("owner");
  return owner?.userId === userId && owner.confirmed;
}
