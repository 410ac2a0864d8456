import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.ts";
import { BENCH_OPTIONS } from "./options.ts";
import type { Form } from "./scenarios/scenario.ts";

export interface BenchArguments {
  /** "list", or the scenarios to run. */
  readonly names: "list" | readonly string[];
  readonly json: boolean;
  /** null: each scenario's own. */
  readonly seconds: number | null;
  readonly runs: number | null;
  readonly form: Form;
}

function wholeNumber(name: string, given: string | undefined, most: number): number | null {
  if (given === undefined) return null;
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new BenchError(
    "usage",
    `--${name} is "${given}"; it must be a whole number from 1 to ${most}.`,
  );
}

function formOf(long: boolean, smoke: boolean): Form {
  if (long && smoke) throw new BenchError("usage", "--long and --smoke exclude each other.");
  if (long) return "long";
  return smoke ? "smoke" : "usual";
}

function parsed(args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        seconds: { type: "string" },
        runs: { type: "string" },
        long: { type: "boolean" },
        smoke: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new BenchError("usage", error instanceof Error ? error.message : String(error));
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** @throws {BenchError} with code `usage` */
export function parseArguments(args: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parsed(args);
  const options = {
    json: values["json"] === true,
    seconds: wholeNumber("seconds", textOf(values["seconds"]), BENCH_OPTIONS.secondsMax),
    runs: wholeNumber("runs", textOf(values["runs"]), BENCH_OPTIONS.runsMax),
    form: formOf(values["long"] === true, values["smoke"] === true),
  };
  if (positionals.length === 0 || positionals.includes("list"))
    return { names: "list", ...options };
  if (positionals.includes("all")) return { names: known, ...options };
  const wrong = positionals.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new BenchError(
      "usage",
      `There is no scenario "${wrong}"; the scenarios are ${known.join(", ")}, or all.`,
    );
  }
  return { names: [...new Set(positionals)], ...options };
}
