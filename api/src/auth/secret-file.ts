import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SettingsError } from "../setting-values.ts";
import { parseKeyRing } from "./key-ring.ts";
import { type RingKey, Seal } from "./seal.ts";

const FILE_NAME = "secret.key";
const KEY_BYTES = 32;
const OTHERS = 0o077;

export interface OpenedSecret {
  readonly seal: Seal;
  /** The file that holds the keys. */
  readonly file: string;
  readonly keys: readonly RingKey[];
  /** What an administrator should mend, in words; null when all is well. */
  readonly warning: string | null;
}

/**
 * The key that secrets in the store are sealed with: from BATCHWATCH_SECRET_FILE, which must exist, else from `secret.key`
 * in the data folder, which is made at first use and only its owner may read. Fails with {@link SettingsError}.
 */
export async function openSecret(settings: {
  readonly secretFile: string | null;
  readonly dataDir: string;
}): Promise<OpenedSecret> {
  const own = join(settings.dataDir, FILE_NAME);
  const file = settings.secretFile ?? own;
  const text = (await contentOf(file)) ?? (settings.secretFile === null ? await made(own) : null);
  if (text === null) {
    throw new SettingsError(
      `BATCHWATCH_SECRET_FILE is "${file}", which cannot be read; make it with: openssl rand -base64 32 > FILE`,
    );
  }
  const keys = parseKeyRing(file, text);
  const seal = new Seal(keys, () => reread(file));
  return { seal, file, keys, warning: await openToOthers(file) };
}

/** The keys as they are now; null when the file is away or being written by hand: what is known stays. At once, since what is opened waits. */
function reread(file: string): readonly RingKey[] | null {
  try {
    return parseKeyRing(file, readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new SettingsError(`The secret file ${file} cannot be read (${code}).`);
  }
}

/** Two processes may do this at once: a link is made whole or not at all, and both read what the first one made. */
async function made(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString("base64url")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(file, "utf8");
}

async function openToOthers(file: string): Promise<string | null> {
  // Windows keeps no such bits.
  if (process.platform === "win32") return null;
  const mode = (await stat(file)).mode & 0o777;
  if ((mode & OTHERS) === 0) return null;
  return `The secret file ${file} can be read or changed by others (mode ${mode.toString(8)}); do: chmod 600 ${file}`;
}
