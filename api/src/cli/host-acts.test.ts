import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jobIdOf, partitionOf } from "@batchwatch/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { withStores } from "./open-store.ts";
import { addReplaySource } from "./sources.ts";
import { TestCli } from "./test-cli.ts";

/** What changes nothing in the store, or is recorded in its own words: `audit-verified`, `evidence-exported`. */
const READS = [
  ..."serve,watchdog,config,source list,webhook list,oncall list,job list,calendar list".split(","),
  ..."audit verify,audit evidence,audit check".split(","),
];

let cli: TestCli;
beforeAll(async () => {
  cli = await TestCli.make();
});
afterAll(() => cli.remove());

const JOB = jobIdOf("s", "core", "gl-extract");

async function addJob(): Promise<void> {
  await withStores(cli.env, async ({ partitions, units }) => {
    const partition = partitionOf(JOB);
    const { term } = await partitions.claim([partition]);
    const seen = { ownerTeamId: "payments", firstSeenAt: 1, lastSeenAt: 1, state: "{}" };
    const job = { jobId: JOB, sourceId: "s", namespace: "core", name: "gl-extract", ...seen };
    const unit = { partition, job, runs: [], transitions: [], notes: [] };
    await units.save({ term, units: [unit], mark: null });
  });
}

test("every command that changes the store is recorded as the host's, by ids alone [AUD-10, AUD-13]", async () => {
  const days = join(cli.folder, "target.csv");
  await writeFile(days, "day,kind,label\n2027-01-01,FREE,New Year\n");
  const spoken: string[] = ["Night desk", "Old desk"];
  await cli.json(["migrate"]);
  await addJob();
  const user = ["--name", "Night desk"];
  const { id = "" } = await cli.json([
    "user",
    "add",
    ...user,
    "--role",
    "on-call",
    "--team",
    "Payments",
  ]);
  const { link = "" } = await cli.json(["user", "link", ...user]);
  await cli.json(["user", "password", ...user], "seven lanterns under water 4\n");
  await cli.json(["user", "oidc", ...user, "--subject", "subject-of-night"]);
  const { token = "" } = await cli.json(["token", "create", "--user", id, "--ttl", "1h"]);
  await cli.json(["token", "revoke", "--user", id]);
  const source = ["--contract", "native", "--name", "core-bank"];
  const { id: sourceId = "", key = "" } = await cli.json(["source", "add", ...source]);
  await cli.json(["source", "start-paging", "--name", "core-bank"]);
  await cli.json(["source", "stop-paging", "--name", "core-bank"]);
  const hook = ["--name", "siem", "--url", "https://192.0.2.7/in?x=hidden-path"];
  const added = await cli.run(["webhook", "add", ...hook, "--json"]);
  // A documentation address cannot be called: the command refuses it, and leaves no trace of an act.
  expect(added.code).toBe(2);
  await cli.json(["oncall", "set", "--team", "payments", "--users", id]);
  await cli.json(["job", "configure", "gl-extract", "--tier", "1"]);
  await cli.json(["job", "rename", "gl-extract", "gl-extract-v2"]);
  await cli.json(["job", "retire", "gl-extract-v2"]);
  await cli.json(["job", "assign", "gl-extract-v2", "payments"]);
  await cli.json(["calendar", "import", days]);
  await cli.json(["keys", "rotate"]);

  const records = (await cli.records()).filter(({ action }) => action === "host-command");
  const acts = records
    .filter(({ detail }) => typeof detail["command"] === "string")
    .map(({ actorKind, subjectKind, subjectId, teamId, detail }) => [
      detail["command"],
      actorKind,
      subjectKind,
      subjectId,
      teamId,
    ]);
  expect(acts).toEqual([
    ["migrate", "host", "store", expect.any(String), null],
    ["user add", "host", "user", id, null],
    ["user link", "host", "user", id, null],
    ["user password", "host", "user", id, null],
    ["user oidc", "host", "user", id, null],
    ["token create", "host", "user", id, null],
    ["token revoke", "host", "user", id, null],
    ["source add", "host", "source", sourceId, null],
    ["source start-paging", "host", "source", sourceId, null],
    ["source stop-paging", "host", "source", sourceId, null],
    ["oncall set", "host", "team", "payments", "payments"],
    ["job configure", "host", "job", JOB, "payments"],
    ["job rename", "host", "job", JOB, "payments"],
    ["job retire", "host", "job", JOB, "payments"],
    ["job assign", "host", "job", JOB, "payments"],
    ["calendar import", "host", "calendar", "target", null],
    ["keys rotate", "host", "key", expect.any(String), null],
  ]);
  const fieldsOf = (command: string) =>
    records.find(({ detail }) => detail["command"] === command)?.detail["fields"];
  expect(fieldsOf("job configure")).toBe("tier");
  expect(fieldsOf("job rename")).toBe("name");
  expect(fieldsOf("source start-paging")).toBe("pagingMode");
  // Whatever ends the process behind a change: there is a record of it that was on disk before, or came with it.
  const all = (await cli.records()).filter(({ actorKind }) => actorKind === "host");
  const bare = all.filter(({ detail }, index) => {
    const { command } = detail;
    const before = all[index - 1];
    const withIt = ["token-made", "token-revoked", "password-set", "oncall-set", "keys-rotated"];
    const isCovered =
      before?.detail["begins"] === command ||
      before?.detail["what"] !== undefined ||
      withIt.includes(before?.action ?? "");
    // The migration itself makes what it could be recorded in.
    return command !== undefined && command !== "migrate" && !isCovered;
  });
  expect(bare.map(({ detail }) => detail["command"])).toEqual([]);
  const shown = acts.map(([name]) => String(name));
  const unshown = ["webhook add", "webhook remove", "replay"];
  expect([...new Set([...shown, ...unshown, ...READS])].sort()).toEqual(
    COMMANDS.map(({ name }) => name).sort(),
  );
  const everything = JSON.stringify(await cli.records());
  spoken.push(link.split("code=")[1] ?? "?", token, key, "lanterns under", "subject-of-night");
  for (const secret of [...spoken, "core-bank", "hidden-path"]) {
    expect(everything).not.toContain(secret);
  }
  expect((await cli.run(["audit", "verify"])).out).toContain("records are intact");
});

test("a command that finds everything as it is to be names no field", async () => {
  await cli.json(["source", "add", "--contract", "native", "--name", "cards"]);
  await cli.json(["source", "stop-paging", "--name", "cards"]);
  expect((await cli.records()).at(-1)?.detail).toEqual({
    command: "source stop-paging",
    fields: "",
  });
});

test("a webhook that was added and removed is in the trail by its id", async () => {
  const env = { ...cli.env, BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" };
  await withStores(env, async ({ receivers }) => {
    const row = { webhookId: "w-1", name: "siem", url: "https://siem.example", teamId: null };
    await receivers.addWebhook({ ...row, sealedSecret: "sealed", createdAt: 1 });
  });
  await cli.json(["webhook", "remove", "--name", "siem"]);
  expect((await cli.records()).at(-1)).toMatchObject({
    action: "host-command",
    subjectKind: "webhook",
    subjectId: "w-1",
    detail: { command: "webhook remove" },
  });
});

test("a command that is ended between its change and its end is recorded [AUD-11]", async () => {
  const before = (await cli.records()).length;
  const ended = withStores(cli.env, async ({ sources }, { begins }) => {
    await addReplaySource(sources, "native", Date.now(), begins);
    throw new Error("killed");
  });
  await expect(ended).rejects.toThrow("killed");
  expect((await cli.records()).slice(before)).toMatchObject([
    { action: "host-command", actorKind: "host", detail: { begins: "replay" } },
  ]);
});

test("a command that fails records no act", async () => {
  const before = (await cli.records()).length;
  expect((await cli.run(["job", "retire", "nobody-knows"])).code).toBe(1);
  expect((await cli.run(["job", "list"])).code).toBe(0);
  expect((await cli.records()).length).toBe(before);
});
