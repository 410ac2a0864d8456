import { parseArguments } from "./arguments.ts";
import { BenchError } from "./bench-error.ts";
import { BENCH_OPTIONS } from "./options.ts";
import { PATHS } from "./paths.ts";
import { tableOf, writeResult } from "./report.ts";
import { runScenario } from "./run-scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE =
  "npm run bench -- list | all | SCENARIO… [--json] [--seconds N] [--runs N] [--long | --smoke]";

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

function list(json: boolean): void {
  const known = SCENARIOS.map(({ name, what, why, long }) => ({ name, what, why, long }));
  if (json) print(JSON.stringify(known));
  else {
    const width = Math.max(...known.map(({ name }) => name.length)) + 2;
    for (const { name, what, why, long } of known) {
      const more = long === undefined ? [] : [`--long: ${long}`];
      print([name.padEnd(width) + what, why, ...more].join(`\n${" ".repeat(width)}`));
    }
    print(USAGE);
  }
}

async function main(): Promise<void> {
  const given = parseArguments(
    process.argv.slice(2),
    SCENARIOS.map((scenario) => scenario.name),
  );
  if (given.names === "list") return list(given.json);
  const { form } = given;
  const usualSeconds = form === "smoke" ? BENCH_OPTIONS.smokeSeconds : BENCH_OPTIONS.seconds;
  const seconds = given.seconds ?? usualSeconds;
  const runs = given.runs ?? BENCH_OPTIONS.runs;
  for (const scenario of SCENARIOS) {
    if (!given.names.includes(scenario.name)) continue;
    say(scenario.name);
    const context = { seed: BENCH_OPTIONS.seed, seconds, form, say };
    const result = await runScenario(scenario, runs, context);
    // What a smoke run measured says nothing.
    if (form !== "smoke") await writeResult(PATHS.results, result);
    print(given.json ? JSON.stringify(result) : `${tableOf(result)}\n`);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message}\n${error.code === "usage" ? `${USAGE}\n` : ""}`);
  process.exitCode = error.code === "usage" ? 2 : 1;
}
