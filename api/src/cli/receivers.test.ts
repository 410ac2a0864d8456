import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Incident, type IncidentChange, sourceLevel } from "@batchwatch/engine";
import { testIncident } from "../notify/test-incident.ts";
import { openSecret } from "../auth/secret-file.ts";
import { isWebhookSecret } from "../notify/standard-webhook.ts";
import { runCli } from "./main.ts";
import { withStores } from "./open-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchwatch-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const env = (more: NodeJS.ProcessEnv = {}) => ({ BATCHWATCH_DATA_DIR: folder, ...more });

async function cli(line: string, more: NodeJS.ProcessEnv = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  const code = await runCli(
    words.map((word) => word.replaceAll('"', "")),
    {
      env: env(more),
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
    },
  );
  return { code, out: out.join(""), err: err.join("") };
}

async function json(line: string, more: NodeJS.ProcessEnv = {}) {
  const { code, out, err } = await cli(`${line} --json`, more);
  expect(code, err).toBe(0);
  return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
}

const URL_SECRET = "T0KEN-in-the-path";
const INSIDE = `http://127.0.0.1:9/hooks/${URL_SECRET}`;
const ALLOWED = { BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: "127.0.0.1:9" };

describe("webhooks", () => {
  test("one is added with a secret that is printed once and stands nowhere in the clear", async () => {
    await cli('user add --name Desk --role on-call --team "Night Payments"');
    const added = await json(
      `webhook add --name SIEM --url ${INSIDE} --team "Night Payments"`,
      ALLOWED,
    );
    expect(isWebhookSecret(added.secret)).toBe(true);
    const listed = await cli("webhook list --json");
    expect(JSON.parse(listed.out)).toEqual([
      {
        id: added.id,
        name: "SIEM",
        host: "http://127.0.0.1:9",
        team: "night-payments",
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    const key = (await readFile(join(folder, "secret.key"), "utf8")).trim();
    expect((await stat(join(folder, "secret.key"))).mode & 0o777).toBe(0o600);
    const shown = listed.out + (await cli("webhook list")).out + (await cli("config")).out;
    const files = (await readdir(folder)).filter((name) => name !== "secret.key");
    expect(files).toContain("batchwatch.db");
    const dump = await Promise.all(files.map((name) => readFile(join(folder, name), "latin1")));
    for (const secret of [added.secret.slice("whsec_".length), URL_SECRET, key]) {
      expect(shown).not.toContain(secret);
      expect(dump.join("")).not.toContain(secret);
    }
    await withStores(env(), async ({ receivers }, { settings }) => {
      const [webhook] = await receivers.webhooks();
      const { seal } = await openSecret(settings);
      const opened = seal.open(`webhook:${added.id}`, webhook?.sealedSecret ?? "");
      expect(JSON.parse(opened)).toEqual({ url: INSIDE, secret: added.secret });
    });
  });

  test("without --json the secret is the last line", async () => {
    const { out } = await cli(`webhook add --name SIEM --url ${INSIDE}`, ALLOWED);
    expect(isWebhookSecret(out.trimEnd().split("\n").at(-1) ?? "")).toBe(true);
  });

  test("one is removed by name; a taken or unknown name fails in one line", async () => {
    await cli(`webhook add --name SIEM --url ${INSIDE}`, ALLOWED);
    const again = await cli(`webhook add --name SIEM --url ${INSIDE}`, ALLOWED);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("choose another name") });
    expect(await json("webhook remove --name SIEM")).toEqual({ removed: "SIEM" });
    expect(await json("webhook list")).toEqual([]);
    const gone = await cli("webhook remove --name SIEM");
    expect(gone).toMatchObject({ code: 1, err: expect.stringMatching(/^batchwatch: [^\n]+\n$/) });
  });

  test.each([
    ["https://127.0.0.1/x", "BATCHWATCH_WEBHOOK_ALLOWED_HOSTS"],
    ["https://169.254.169.254/latest", "private"],
    ["https://localhost/x", "private"],
    ["http://hooks.bank.example/x", "https"],
    ["https://user:word@hooks.bank.example/x", "password"],
    ["hooks.bank.example", "such as https://"],
    [`https://hooks.bank.example/${"x".repeat(1_000)}`, "at most 1000"],
  ])("%s is refused when it is added", async (url, right) => {
    const { code, err } = await cli(`webhook add --name SIEM --url ${url}`);
    expect(code).toBe(2);
    expect(err).toContain(right);
    expect(err).toMatch(/^batchwatch: --url[^\n]+\n$/);
    expect(await json("webhook list")).toEqual([]);
  });

  test("a team that is not there is refused with those that are", async () => {
    await cli("user add --name Desk --role on-call --team Cards");
    const { code, err } = await cli(`webhook add --name S --url ${INSIDE} --team Crads`, ALLOWED);
    expect(code).toBe(1);
    expect(err).toContain("there are: cards");
  });
});

describe("on call", () => {
  beforeEach(async () => {
    await cli("user add --name First --role on-call --team Cards");
    await cli("user add --name Second --role team-lead --team Cards");
    await cli("user add --name Third --role operations-manager");
  });

  test("a list is set in order, by names or ids, and taken back", async () => {
    const { users } = await json("oncall set --team Cards --users Second,First,Third,Second");
    expect(users).toHaveLength(3);
    expect(await json("oncall list")).toEqual([
      {
        team: "cards",
        origin: "SET",
        users: [
          { id: users[0], name: "Second", devices: 0 },
          { id: users[1], name: "First", devices: 0 },
          { id: users[2], name: "Third", devices: 0 },
        ],
      },
    ]);
    expect((await cli("oncall list")).out).toContain("Second (no device), then First (no device)");
    await json(`oncall set --team cards --users ${users[1]}`);
    expect((await json("oncall list"))[0].users.map((one: { id: string }) => one.id)).toEqual([
      users[1],
    ]);
    await json("oncall set --team cards --default");
    expect(await json("oncall list")).toEqual([{ team: "cards", origin: "DEFAULT", users: [] }]);
  });

  test.each([
    ["oncall set --team Cards --users Nobody", 1, "user add"],
    ["oncall set --team Nowhere --users First", 1, "there are: cards"],
    ["oncall set --team Cards", 2, "--users"],
    ["oncall set --team Cards --users First --default", 2, "either"],
    ["oncall set --team Cards --users ,", 2, "nobody"],
  ])("%s", async (line, code, right) => {
    const result = await cli(line);
    expect(result.code).toBe(code);
    expect(result.err).toContain(right);
    expect(result.err).toMatch(/^batchwatch: [^\n]+\n$/);
  });

  test("who cannot acknowledge, or cannot see the team's incidents, is not put on the list", async () => {
    await cli("user add --name Wall --role display");
    await cli("user add --name Other --role on-call --team Lending");
    expect((await cli("oncall set --team Cards --users Wall")).err).toContain("cannot acknowledge");
    expect((await cli("oncall set --team Cards --users Other")).err).toContain("not in the team");
    expect((await json("oncall list"))[0].origin).toBe("DEFAULT");
  });
});

/** Open, and told to nobody because its source is only watched. */
function openIncidentOf(sourceId: string): Incident {
  const level = sourceLevel(
    { intervalId: "i", sourceId, reason: "SOURCE_SILENT", from: 0, until: null },
    { name: "night", teamId: "team" },
  );
  if (level?.holds !== true) throw new Error("A silence that lasts holds.");
  const { rule, since, card } = level;
  const member = { alertId: "a", rule, firing: true, since, version: 1, openings: 1, card };
  return testIncident({ untold: "source-watching", members: [member], memberCount: 1 });
}

function newIncident(incident: Incident): IncidentChange {
  const nothing = { alerts: [], notifications: [], cancels: null, events: [] };
  return { incident, expectedVersion: 0, ...nothing, command: null };
}

describe("paging of sources", () => {
  const paging = async () =>
    (await json("source list")).map((one: { paging: string }) => one.paging);

  test("is off at first, or on with --paging, and is switched by name or id", async () => {
    const { id } = await json("source add --contract native --name night");
    expect(await paging()).toEqual(["WATCHING"]);
    expect((await cli("source start-paging --name night")).out).toContain("pages from now on");
    expect(await paging()).toEqual(["PAGING"]);
    expect(await json(`source stop-paging --name ${id}`)).toMatchObject({ paging: "WATCHING" });
    expect(await paging()).toEqual(["WATCHING"]);
    await json("source add --contract native --name loud --paging");
    expect((await paging()).sort()).toEqual(["PAGING", "WATCHING"]);
  });

  test("--preview says how many open incidents would page at once, and changes nothing", async () => {
    const { id } = await json("source add --contract native --name night");
    const held = openIncidentOf(id);
    await withStores(env(), ({ incidents }) => incidents.commit([newIncident(held)]));
    expect((await cli("source start-paging --name night --preview")).out).toBe(
      "1 open incident that nobody has: whoever is on call is paged at once.\n",
    );
    expect(await json("source start-paging --name night --preview")).toMatchObject({
      paging: "WATCHING",
      pages: 1,
      notices: 0,
    });
    expect(await paging()).toEqual(["WATCHING"]);
    expect((await cli("source start-paging --name night")).out).toBe(
      "night pages from now on.\n1 open incident that nobody has: whoever is on call is paged at once.\n",
    );
    await json("source add --contract native --name other");
    expect((await cli("source start-paging --name other --preview")).out).toContain(
      "Nothing that is open would page",
    );
  });

  test("one that is no production says so; an unknown one fails", async () => {
    await json("source add --contract native --name uat --environment UAT");
    expect((await cli("source start-paging --name uat")).out).toContain("were it PROD");
    const { code, err } = await cli("source start-paging --name nowhere");
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("source list") });
  });
});

test("every change moves the version that a running server looks at each half second", async () => {
  const version = () => withStores(env(), ({ identity }) => identity.version());
  await cli("user add --name First --role on-call --team Cards");
  await cli("source add --contract native --name night");
  let last = await version();
  for (const line of [
    `webhook add --name SIEM --url ${INSIDE}`,
    "oncall set --team Cards --users First",
    "source start-paging --name night",
    "webhook remove --name SIEM",
    "oncall set --team Cards --default",
    "source stop-paging --name night",
  ]) {
    expect((await cli(line, ALLOWED)).code).toBe(0);
    const now = await version();
    expect(now, line).toBeGreaterThan(last);
    last = now;
  }
});
