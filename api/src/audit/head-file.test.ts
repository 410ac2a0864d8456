import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AUDIT_GENESIS, headLine, readHeads, signedHead } from "@batchwatch/engine";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { appendLine, HeadFile, keepHead, type LineHandle } from "./head-file.ts";

const key = Buffer.alloc(32, 3);
let file: HeadFile;
beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-head-file-"));
  file = new HeadFile(dir);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
});
const head = (seq: number) => ({ seq, mac: AUDIT_GENESIS, at: seq });
const line = (seq: number) => headLine(signedHead(key, "s", head(seq)));
const text = () => readFile(file.path, "utf8");

/** A real file on a disk that has room for some more characters. `truncates`: whether it can still be cut back. */
async function onFullDisk(room: number, truncates: boolean, added: string): Promise<void> {
  const handle = await open(file.path, "a+");
  const full: LineHandle = {
    stat: () => handle.stat(),
    read: (...args) => handle.read(...args),
    datasync: () => handle.datasync(),
    truncate: (size) => (truncates ? handle.truncate(size) : Promise.reject(new Error("EIO"))),
    appendFile: async (given) => {
      await handle.appendFile(given.slice(0, room));
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    },
  };
  try {
    await expect(appendLine(full, added)).rejects.toMatchObject({ code: "ENOSPC" });
  } finally {
    await handle.close();
  }
}

test("a full disk leaves no part of a line [AUD-3]", async () => {
  await file.add(signedHead(key, "s", head(1)), 1);
  await onFullDisk(40, true, line(2));
  expect(await text()).toBe(line(1));
});

test("where it could not even be cut back, the part keeps to itself and the next line is whole", async () => {
  await file.add(signedHead(key, "s", head(1)), 1);
  await onFullDisk(40, false, line(2));
  await file.add(signedHead(key, "s", head(3)), 1);
  expect(await text()).toBe(`${line(1)}${line(2).slice(0, 40)}\n${line(3)}`);
  const seqs = async () => (await file.read()).map((one) => one.head?.seq ?? null);
  expect(await seqs()).toEqual([1, null, 3]);
  await file.thinOut(1);
  expect(await seqs()).toEqual([1, 3]);
});

test("a file that is gone is begun anew in a line that says so; a first one is not", async () => {
  const kept = { key, storeId: "s", now: 1 };
  await keepHead(file, { ...kept, before: null, head: head(1) });
  await keepHead(file, { ...kept, before: head(1), head: head(2) });
  await rm(file.path);
  await keepHead(file, { ...kept, before: head(2), head: head(3) });
  expect(readHeads(await text()).map((one) => [one.head?.seq, one.head?.begun])).toEqual([
    [2, true],
    [3, undefined],
  ]);
  await writeFile(file.path, "");
  expect(await file.size()).toBe(0);
});
