import { randomBytes, randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { SettingsError } from "../setting-values.ts";
import { parseKeyRing, writtenKeyRing } from "./key-ring.ts";
import type { RingKey } from "./seal.ts";

const KEY_BYTES = 32;

/** A new key for the front of a ring. */
export function newRingKey(): RingKey {
  return { material: randomBytes(KEY_BYTES), retiredAt: null };
}

/** Puts the keys in the place of the file's, whole or not at all, and as readable as it was. Fails with {@link SettingsError}. */
export async function replaceKeys(file: string, keys: readonly RingKey[]): Promise<void> {
  // A link stays a link.
  const path = await realpath(file);
  const draft = `${path}.${randomUUID()}`;
  try {
    const { mode } = await stat(path);
    const handle = await open(draft, "wx", mode & 0o777);
    try {
      await handle.writeFile(writtenKeyRing(keys));
      await handle.sync();
    } finally {
      await handle.close();
    }
    parseKeyRing(draft, await readFile(draft, "utf8"));
    await rename(draft, path);
  } catch (error) {
    await unlink(draft).catch(() => {});
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new SettingsError(
      `The secret file ${file} cannot be written (${code}): the new key must be kept there before anything is sealed with it.`,
    );
  }
}

/**
 * Does the work while no other process of this host does it with the same file: two new keys at once would lose one of them. A
 * holder that was killed is found by its process id. Fails with {@link SettingsError}.
 */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${await realpath(file)}.lock`;
  await take(lock);
  try {
    return await work();
  } finally {
    await unlink(lock).catch(() => {});
  }
}

async function take(lock: string): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const handle = await open(lock, "wx", 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      if (code !== "EEXIST") {
        throw new SettingsError(`Beside the secret file nothing can be written (${code}).`);
      }
    }
    const holder = Number(await readFile(lock, "utf8").catch(() => ""));
    if (isAlive(holder)) {
      throw new SettingsError(`Process ${holder} changes the keys right now (${lock}).`);
    }
    await unlink(lock).catch(() => {});
  }
  throw new SettingsError(`The keys are being changed by others (${lock}).`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
