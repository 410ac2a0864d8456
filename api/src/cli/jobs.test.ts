import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobIdOf, partitionOf, type Stores } from "@batchwatch/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "./main.ts";
import { withStores } from "./open-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchwatch-cli-"));
  await stores(async (opened) => {
    await addJob(opened, "core", "gl-extract");
    await addJob(opened, "core", "wires");
    await addJob(opened, "other", "wires");
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stores = <T>(use: (opened: Stores) => Promise<T>): Promise<T> =>
  withStores({ BATCHWATCH_DATA_DIR: folder }, use);

async function addJob(opened: Stores, namespace: string, name: string): Promise<void> {
  const jobId = jobIdOf("s", namespace, name);
  const partition = partitionOf(jobId);
  const { term } = await opened.partitions.claim([partition]);
  const seen = { ownerTeamId: "ledger", firstSeenAt: 1, lastSeenAt: 1, state: "{}" };
  const job = { jobId, sourceId: "s", namespace, name, ...seen };
  const unit = { partition, job, runs: [], transitions: [], notes: [] };
  await opened.units.save({ term, units: [unit], mark: null });
}

async function cli(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, {
    env: { BATCHWATCH_DATA_DIR: folder },
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(""), err: err.join("") };
}

const words = (line: string): string[] => line.split(" ");
const json = (out: string) => JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
const GL = jobIdOf("s", "core", "gl-extract");

test("jobs are listed, by part of a name and by team", async () => {
  expect((await cli("job", "list")).out).toContain(`${GL}  gl-extract  core  ledger  tier default`);
  expect(json((await cli("job", "list", "--text", "WIRE", "--json")).out)).toHaveLength(2);
  expect((await cli("job", "list", "--team", "cards")).out).toBe("There are no jobs.\n");
});

test("a job is configured by its name, and taken back with the word default", async () => {
  const set = await cli(
    ...words("job configure gl-extract --tier 1 --monitored no --cadence DAILY"),
    ...words("--zone Europe/Berlin --start-grace 10m --heartbeat 90s --json"),
    "--schedule",
    "30 2 * * 1-5",
    "--business-name",
    "Ledger close",
  );
  expect(set).toMatchObject({ code: 0, err: "" });
  expect(json(set.out)).toMatchObject({
    id: GL,
    settings: {
      tier: 1,
      monitored: false,
      cadence: "DAILY",
      schedule: { expression: "30 2 * * 1-5", zone: "Europe/Berlin" },
      clocks: { startGraceMs: 600_000, heartbeatMs: 90_000, runBudgetMs: null },
    },
  });
  const back = ["--tier", "default", "--schedule", "none", "--heartbeat", "default"];
  expect(json((await cli("job", "configure", GL, ...back, "--json")).out).settings).toMatchObject({
    tier: null,
    schedule: null,
    clocks: { startGraceMs: 600_000, heartbeatMs: null },
  });
  const changes = await stores(({ settings }) => settings.changes(GL, 20));
  expect(changes).toHaveLength(10);
  expect(new Set(changes.map((one) => one.userName))).toEqual(new Set(["command line"]));
});

test("a job is renamed and retired", async () => {
  expect(json((await cli("job", "rename", "gl-extract", "gl-extract-v2", "--json")).out)).toEqual(
    expect.objectContaining({ id: GL, name: "gl-extract-v2", namespace: "core" }),
  );
  expect((await cli("job", "retire", GL)).out).toContain("RETIRED");
  expect((await cli("job", "retire", GL, "--undo")).out).toContain("WATCHING");
  expect((await cli("job", "retire", GL, "--from", "2199-01-01T00:00:00Z")).code).toBe(0);
  expect(await stores(({ settings }) => settings.nextRetirement())).toBe(Date.UTC(2199, 0, 1));
});

test("a job is given to a team, and back to what facts say", async () => {
  await stores(({ identity }) => identity.addUser("Night desk", "on-call", ["Cards"], 1));
  const teamOf = async () =>
    json((await cli("job", "list", "--text", "gl-", "--json")).out)[0].team;
  expect((await cli("job", "assign", "gl-extract", "cards")).code).toBe(0);
  expect(await teamOf()).toBe("cards");
  expect((await cli("job", "assign", GL, "--undo", "--json")).code).toBe(0);
  const changes = await stores(({ settings }) => settings.changes(GL, 9));
  expect(changes.map(({ field, before, after }) => [field, before, after])).toEqual([
    ["owner", "cards", null],
    ["owner", "ledger (by facts)", "cards"],
  ]);
});

test("a calendar is imported, and imported again with what it had", async () => {
  const file = join(folder, "Target 2026.csv");
  await writeFile(file, "day,kind,label\n2026-04-03,FREE,Good Friday\n");
  const added = await cli(
    "calendar",
    "import",
    file,
    ...words("--name TARGET --zone Europe/Berlin --json"),
  );
  expect(json(added.out)).toEqual({ id: "target-2026", days: 1, coversUntil: "2026-12-31" });
  await writeFile(file, "day,kind,label\n2027-03-26,FREE,Good Friday\n");
  expect((await cli("calendar", "import", file)).out).toContain("Replaced TARGET: 1 day");
  expect(json((await cli("calendar", "list", "--json")).out)).toEqual([
    {
      id: "target-2026",
      name: "TARGET",
      zone: "Europe/Berlin",
      workdays: [1, 2, 3, 4, 5],
      coversUntil: "2027-12-31",
      days: 1,
    },
  ]);
});

describe("what is wrong is said in one line", () => {
  test.each([
    [1, ["job", "configure", "nothing", "--tier", "1"], "There is no job"],
    [1, ["job", "retire", "wires"], "2 jobs are called"],
    [
      1,
      ["job", "configure", "gl-extract", ..."--schedule,0 2 * * *,--calendar,x".split(",")],
      "no calendar",
    ],
    [1, ["calendar", "import", "/nowhere/days.csv"], "cannot be read"],
    [2, ["job", "configure", "gl-extract"], "Nothing to set"],
    [2, ["job", "configure"], "The job is missing"],
    [2, ["job", "configure", "gl-extract", "--heartbeat", "fast"], "90s or 10m"],
    [2, ["job", "configure", "gl-extract", "--tier", "7"], "1, 2, 3, 4"],
    [2, ["job", "configure", "gl-extract", "--zone", "UTC"], "give --schedule too"],
    [2, ["job", "configure", "gl-extract", "--schedule", "soon"], "schedule.expression"],
    [2, ["job", "configure", "gl-extract", "--runbook", "ftp://x"], "runbookUrl"],
    [2, ["job", "rename", "gl-extract"], "The new name is missing"],
    [2, ["job", "assign", "gl-extract"], "The team is missing"],
    [2, ["job", "assign", "gl-extract", "cards", "--undo"], "exclude"],
    [1, ["job", "assign", "gl-extract", "nobodys"], "nobodys"],
    [2, ["job", "retire", "gl-extract", "--from", "tomorrow"], "with an offset"],
    [2, ["job", "retire", "gl-extract", "--from", "2027-01-01T00:00:00Z", "--undo"], "exclude"],
    [2, ["calendar", "import", "/nowhere/days.csv", "--workdays", "Mo"], "1 Monday"],
  ])("exit %i: %j", async (expected, argv, right) => {
    const { code, out, err } = await cli(...argv);
    expect(err).toContain(right);
    expect(err).toMatch(/^batchwatch: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: expected, out: "" });
  });
});
