import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ThreadPool } from "./pool.ts";

/** Says that it runs, and never comes to its first heartbeat. */
const HANGING = `module.exports = ({ port }) => {
  port.postMessage("here");
  for (;;);
};`;

test("[SUP-3] a thread that never beat is ended, and another takes its place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-pool-"));
  const pool = new ThreadPool(1, 64);
  onTestFinished(async () => {
    await pool.destroy();
    await rm(folder, { recursive: true });
  });
  await writeFile(join(folder, "hanging.js"), HANGING);
  await writeFile(join(folder, "ending.js"), "module.exports = () => {};");
  const here = fileURLToPath(new URL(".", import.meta.url));
  const fileOf = (name: string) => relative(here, join(folder, name));
  const hanging = pool.run(fileOf("hanging"), {});
  const waiting = pool.run(fileOf("ending"), {});
  const never = pool.run(fileOf("ending"), {});
  await once(hanging.port, "message");
  never.abort();
  await expect(never.ended).rejects.toThrow("aborted");
  hanging.abort();
  await expect(hanging.ended).rejects.toThrow("aborted");
  await waiting.ended;
});
