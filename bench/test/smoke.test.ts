import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALERTMANAGER } from "../dist/pages/alertmanager.js";
import type { BenchResult } from "../dist/result.js";
import { SCENARIOS } from "../dist/scenarios/index.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
/** No time is held to here: the scenarios have limits of their own, and a busy machine takes as long as it takes. */
const LIMIT_MS = 300_000;
const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));
const run = promisify(execFile);

const runs = new Map<string, Promise<BenchResult>>();

/** As a user runs it, once: the built command, in a process of its own. */
function smoked(name: string): Promise<BenchResult> {
  const known = runs.get(name);
  if (known !== undefined) return known;
  const result = run(process.execPath, [MAIN, name, "--smoke", "--json"], {
    timeout: LIMIT_MS,
  }).then(({ stdout }) => JSON.parse(stdout) as BenchResult);
  runs.set(name, result);
  return result;
}

async function lastResult(name: string): Promise<BenchResult> {
  return JSON.parse(await readFile(join(RESULTS, `${name}.json`), "utf8")) as BenchResult;
}

/** Names without the sizes in them, which are others in a smoke run: "p99, # clients". */
function namesOf(figures: readonly { readonly name: string }[]): readonly string[] {
  const names = figures.map(({ name }) => name.replaceAll(/\b\d[\d,]*/g, "#"));
  return [...new Set(names)].sort();
}

async function changedAt(): Promise<readonly string[]> {
  const names = await readdir(RESULTS);
  const times = names.map(async (name) => `${name} ${(await stat(join(RESULTS, name))).mtimeMs}`);
  return Promise.all(times);
}

/** Each comes to its end and gives what it gave when it was last run for its figures; what the figures are says nothing here. */
describe("a smoke run", { timeout: LIMIT_MS }, () => {
  let before: readonly string[];
  beforeAll(async () => {
    before = await changedAt();
  });
  afterAll(async () => {
    expect(await changedAt()).toEqual(before);
  });

  const isOptional = ({ name }: { readonly name: string }) => name.startsWith("Alertmanager, ");

  // Each is a process of its own, with servers of its own.
  it.concurrent.each(SCENARIOS.map(({ name }) => name))(
    "of %s gives every figure and peer",
    async (name) => {
      const [{ figures, peers }, last] = await Promise.all([smoked(name), lastResult(name)]);
      for (const { name: figure, median } of [...figures, ...peers]) {
        expect(Number.isFinite(median), `${figure}: ${median}`).toBe(true);
      }
      expect(namesOf(figures)).toEqual(namesOf(last.figures));
      const always = (all: BenchResult["peers"]) => namesOf(all.filter((one) => !isOptional(one)));
      expect(always(peers)).toEqual(always(last.peers));
    },
  );

  it("of page gives every figure of Alertmanager, where it is installed", async ({ skip }) => {
    skip(!existsSync(ALERTMANAGER), `${ALERTMANAGER} is not there`);
    const [{ peers }, last] = await Promise.all([smoked("page"), lastResult("page")]);
    expect(namesOf(peers.filter(isOptional))).toEqual(namesOf(last.peers.filter(isOptional)));
  });
});
