import { parseArguments } from "./arguments.ts";
import { BenchError } from "./bench-error.ts";
import { BENCH_OPTIONS } from "./options.ts";
import { PATHS } from "./paths.ts";
import { tableOf, writeResult } from "./report.ts";
import { runScenario } from "./run-scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = "npm run bench -- list | all | SCENARIO… [--json] [--seconds N] [--runs N]";

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

function list(json: boolean): void {
  const known = SCENARIOS.map(({ name, what, why }) => ({ name, what, why }));
  if (json) print(JSON.stringify(known));
  else {
    for (const { name, what, why } of known) print(`${name.padEnd(10)}${what}\n          ${why}`);
    print(USAGE);
  }
}

async function main(): Promise<void> {
  const given = parseArguments(
    process.argv.slice(2),
    SCENARIOS.map((scenario) => scenario.name),
  );
  if (given.names === "list") return list(given.json);
  const seconds = given.seconds ?? BENCH_OPTIONS.seconds;
  const runs = given.runs ?? BENCH_OPTIONS.runs;
  for (const scenario of SCENARIOS) {
    if (!given.names.includes(scenario.name)) continue;
    say(scenario.name);
    const result = await runScenario(scenario, runs, { seed: BENCH_OPTIONS.seed, seconds, say });
    await writeResult(PATHS.results, result);
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
