import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSecret } from "./secret-file.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "batchwatch-secret-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test("a key is made once, for its owner only, and whoever comes at the same time gets the same", async () => {
  const folder = join(dataDir, "not", "there", "yet");
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => openSecret({ secretFile: null, dataDir: folder })),
  );
  const again = await openSecret({ secretFile: null, dataDir: folder });
  expect(new Set([...opened, again].map(({ seal }) => seal.keyId)).size).toBe(1);
  expect(await readdir(folder)).toEqual(["secret.key"]);
  expect((await stat(join(folder, "secret.key"))).mode & 0o777).toBe(0o600);
  expect(again.warning).toBeNull();
});

test("a file of one's own is read; with another one, what was sealed stays shut", async () => {
  const secretFile = join(dataDir, "own");
  await writeFile(secretFile, "a phrase that is at least as long as this\n", { mode: 0o600 });
  const { seal } = await openSecret({ secretFile, dataDir });
  const sealed = seal.seal("vapid", "x");
  expect((await openSecret({ secretFile, dataDir })).seal.open("vapid", sealed)).toBe("x");
  const other = await openSecret({ secretFile: null, dataDir });
  expect(() => other.seal.open("vapid", sealed)).toThrow("Bring back the file");
  expect(await readdir(dataDir)).toEqual(["own", "secret.key"]);
});

test("a file that others may read is used, with a warning that says what to do", async () => {
  await openSecret({ secretFile: null, dataDir });
  await chmod(join(dataDir, "secret.key"), 0o644);
  const { warning } = await openSecret({ secretFile: null, dataDir });
  expect(warning).toContain("mode 644");
  expect(warning).toContain("chmod 600");
  expect(warning).not.toContain((await readFile(join(dataDir, "secret.key"), "utf8")).trim());
});

test("a missing, short or unreadable file is refused in one line that says what would be right", async () => {
  const secretFile = join(dataDir, "own");
  const refusal = () => openSecret({ secretFile, dataDir });
  await expect(refusal()).rejects.toThrow(/^BATCHWATCH_SECRET_FILE is .*openssl rand/);
  await writeFile(secretFile, "too short\n");
  await expect(refusal()).rejects.toThrow(/9 characters; it must hold 32 to 4096/);
  await expect(openSecret({ secretFile: dataDir, dataDir })).rejects.toThrow("EISDIR");
});
