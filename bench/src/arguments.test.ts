import { describe, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const KNOWN = ["ingest", "live"];
const DEFAULTS = { json: false, seconds: null, runs: null, form: "usual" };

describe("parseArguments", () => {
  test.each([
    [[], { names: "list", ...DEFAULTS }],
    [["list", "--json"], { names: "list", ...DEFAULTS, json: true }],
    [["all"], { names: KNOWN, ...DEFAULTS }],
    [["live", "live", "--runs", "3"], { names: ["live"], ...DEFAULTS, runs: 3 }],
    [["ingest", "--seconds=60"], { names: ["ingest"], ...DEFAULTS, seconds: 60 }],
    [["ingest", "--long"], { names: ["ingest"], ...DEFAULTS, form: "long" }],
    [["live", "--smoke"], { names: ["live"], ...DEFAULTS, form: "smoke" }],
  ])("%j", (args, expected) => {
    expect(parseArguments(args, KNOWN)).toEqual(expected);
  });

  test.each([
    [["nothing"], 'no scenario "nothing"'],
    [["live", "--seconds", "0"], '--seconds is "0"'],
    [["live", "--runs", "many"], '--runs is "many"'],
    [["live", "--fast"], "--fast"],
    [["live", "--long", "--smoke"], "--long and --smoke exclude each other"],
  ])("%j is refused", (args, message) => {
    expect(() => parseArguments(args, KNOWN)).toThrow(message);
  });
});
