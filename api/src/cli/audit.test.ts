import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readHeads } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { HEAD_FILE } from "../audit/head-file.ts";
import { withStores } from "./open-store.ts";
import { TestCli } from "./test-cli.ts";

let cli: TestCli;
beforeEach(async () => {
  cli = await TestCli.make();
  for (const name of ["One", "Two", "Three"]) await add(name);
});
afterEach(() => cli.remove());

const add = (name: string) => cli.json(["user", "add", "--name", name, "--role", "auditor"]);
const verify = () => cli.run(["audit", "verify"]);
const heads = () => join(cli.folder, HEAD_FILE);
const store = () => join(cli.folder, "batchwatch.db");

/** As somebody with the database's own account would: the records, and what the store says of their number. */
function cutTo(seq: number): void {
  const file = new Sqlite(store());
  const triggers = file
    .prepare("select name from sqlite_master where type = 'trigger' and tbl_name = 'audit_record'")
    .pluck()
    .all() as string[];
  for (const name of triggers) file.exec(`drop trigger "${name}"`);
  file.exec(`delete from audit_record where seq > ${seq}`);
  file.exec(`update store_meta set int_value = ${seq} where meta_key = 'audit_seq'`);
  file.close();
}

describe("audit verify", () => {
  test("says that the trail is intact, and is in it itself", async () => {
    const first = await cli.run(["audit", "verify", "--json"]);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ intact: true, complete: true, brokenAt: null });
    expect((await cli.records()).at(-1)).toMatchObject({
      action: "audit-verified",
      actorKind: "host",
    });
    expect((await verify()).code).toBe(0);
  });

  test("each command leaves its head beside the store", async () => {
    const lines = readHeads(await readFile(heads(), "utf8"));
    // One of the empty trail, then two records each: begun and done.
    expect(lines.map(({ head }) => head?.seq)).toEqual([0, 2, 4, 6]);
    await cli.run(["job", "list"]);
    expect(readHeads(await readFile(heads(), "utf8"))).toHaveLength(4);
  });

  test("the very first command, ended by force behind its change, leaves no file that looks taken away [AUD-3]", async () => {
    const fresh = await TestCli.make();
    onTestFinished(() => fresh.remove());
    const file = join(fresh.folder, HEAD_FILE);
    const killed = await withStores(fresh.env, async ({ sessions, identity }) => {
      const { userId } = await identity.addUser("First", "administrator", [], 1);
      await sessions.setPassword(userId, "$hash", "host", 1);
      return readFile(file, "utf8").catch(() => null);
    });
    // As it was when the command was ended.
    if (killed === null) await rm(file);
    else await writeFile(file, killed);
    await fresh.json(["user", "add", "--name", "Second", "--role", "auditor"]);
    expect(await fresh.run(["audit", "verify"])).toMatchObject({ code: 0 });
  });

  test("tells a store that was put back to a backup, and one that was written on since", async () => {
    const backup = join(cli.folder, "backup.db");
    await copyFile(store(), backup);
    await add("Four");
    await add("Five");
    await rm(`${store()}-wal`, { force: true });
    await rm(`${store()}-shm`, { force: true });
    await copyFile(backup, store());
    const restored = await verify();
    expect(restored.code).toBe(1);
    expect(restored.out).toContain("Records after 6 are missing");
    expect(restored.out).toContain("put back to a backup");
    await add("Six");
    const goneOn = await verify();
    expect(goneOn.code).toBe(1);
    expect(goneOn.out).toMatch(/Record (8|10) is not the one whose head was kept at/);
  });

  test("tells a file of heads that was changed or taken away", async () => {
    const text = await readFile(heads(), "utf8");
    await writeFile(heads(), text.replace('"seq":4', '"seq":3'));
    const changed = await verify();
    expect(changed.code).toBe(1);
    expect(changed.out).toContain("Line 3 of the file of heads was changed");
    await rm(heads());
    const missing = await verify();
    expect(missing.code).toBe(1);
    expect(missing.out).toContain("The file of heads is missing");
  });

  test("an end that was cut off with the file of heads taken away is not called intact, and a kept copy shows it", async () => {
    const copy = join(cli.folder, "copy.ndjson");
    await copyFile(heads(), copy);
    cutTo(2);
    await rm(heads());
    await add("Four");
    const anew = await verify();
    expect(anew.code).toBe(1);
    expect(anew.out).toContain("begun anew at record 2");
    // However often somebody looks.
    expect((await verify()).code).toBe(1);
    const compared = await cli.run(["audit", "verify", "--heads", copy]);
    expect(compared.code).toBe(1);
    expect(compared.out).toContain("Record 4 is not the one whose head was kept");
    // Whoever may write the folder takes this line away as well: the kept copy alone still tells.
    const lines = (await readFile(heads(), "utf8")).split("\n");
    await writeFile(heads(), lines.filter((line) => !line.includes('"begun"')).join("\n"));
    expect((await verify()).code).toBe(0);
    const still = await cli.run(["audit", "verify", "--heads", copy]);
    expect(still).toMatchObject({ code: 1, out: expect.stringContaining("Record 4 is not") });
    const none = await cli.run(["audit", "verify", "--heads", store()]);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("holds no head") });
  });

  test("another secret file opens nothing: the first record is named", async () => {
    await writeFile(join(cli.folder, "secret.key"), `${"x".repeat(43)}\n`);
    const other = await verify();
    expect(other.code).toBe(1);
    expect(other.out).toContain("Record 1 was changed");
  });
});

describe("audit evidence", () => {
  test("is a file that checks by itself, until somebody changes it", async () => {
    const file = join(cli.folder, "evidence.ndjson");
    const made = await cli.run(["audit", "evidence", "--out", file]);
    expect(made).toMatchObject({ code: 0, out: `Wrote 6 records to ${file}.\n` });
    expect((await cli.records()).at(-1)).toMatchObject({ action: "evidence-exported" });
    const check = () => cli.run(["audit", "check", file]);
    expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining("is whole") });
    await writeFile(file, (await readFile(file, "utf8")).replace("user add", "user rob"));
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining("Record 1") });
  });

  test("is not written over another file, nor for a time without an offset", async () => {
    const out = ["audit", "evidence", "--out", store()];
    expect(await cli.run(out)).toMatchObject({
      code: 1,
      err: expect.stringContaining("exists already"),
    });
    const from = [...out, "--from", "yesterday"];
    expect(await cli.run(from)).toMatchObject({ code: 2, err: expect.stringContaining("--from") });
    expect(await cli.run(["audit", "check", join(cli.folder, "none")])).toMatchObject({ code: 1 });
  });
});
