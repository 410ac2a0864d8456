import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BenchError } from "./bench-error.ts";
import { BENCH_OPTIONS } from "./options.ts";
import { PATHS } from "./paths.ts";

const run = promisify(execFile);

/** Runs a command of Batchwatch with `--json`; returns the text at `key` in the last line that it prints. */
export async function commandAnswer(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  key: string,
): Promise<string> {
  const { stdout } = await run(process.execPath, [PATHS.command, ...args, "--json"], {
    env: { ...process.env, ...env },
    timeout: BENCH_OPTIONS.commandTimeoutMs,
  });
  const answer: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "null");
  const value =
    typeof answer === "object" && answer !== null ? Reflect.get(answer, key) : undefined;
  if (typeof value === "string") return value;
  throw new BenchError("refused", `batchwatch ${args.join(" ")} answered no ${key}: ${stdout}`);
}
