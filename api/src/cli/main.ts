import { parseArgs } from "node:util";
import { ChangeRefused, StoreError } from "@batchwatch/engine";
import { nearest } from "../nearest.ts";
import { SettingsError } from "../settings.ts";
import { CommandError, UsageError, type CliIo, type Command, type Given } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { helpOn, helpOverview } from "./help.ts";
import { version } from "./server.ts";

/** Runs one command line. Returns the exit code: 0 done, 1 failed, 2 wrong usage or setting. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const expected =
      error instanceof UsageError ||
      error instanceof SettingsError ||
      error instanceof CommandError ||
      error instanceof ChangeRefused ||
      error instanceof StoreError;
    const line = message.split("\n")[0] ?? "";
    io.stderr.write(`batchwatch: ${line}\n`);
    if (!expected && io.env["DEBUG"] !== undefined && error instanceof Error) {
      io.stderr.write(`${error.stack ?? ""}\n`);
    }
    return isWrongUsage(error) ? 2 : 1;
  }
}

/** `serve` reads its own options, so node's parser may refuse them too. */
function isWrongUsage(error: unknown): boolean {
  const wrong = [UsageError, SettingsError, ChangeRefused];
  if (wrong.some((one) => error instanceof one)) return true;
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}

const HELP_WORDS: ReadonlySet<string> = new Set(["help", "--help", "-h"]);

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  const [first, ...others] = argv;
  if (first === "--version" || first === "-v") {
    io.stdout.write(`${await version()}\n`);
    return 0;
  }
  if (first === undefined) {
    io.stderr.write(helpOverview(COMMANDS));
    return 2;
  }
  if (HELP_WORDS.has(first)) return help(others, io);
  const command = commandOf(argv);
  const rest = argv.slice(command?.name.split(" ").length);
  if (command === null) {
    if (others.some((word) => HELP_WORDS.has(word))) return help([first], io);
    throw unknownCommand(argv);
  }
  if (rest.some((word) => word === "--help" || word === "-h")) return help([command.name], io);
  return run(command, rest, io);
}

async function run(command: Command, rest: readonly string[], io: CliIo): Promise<number> {
  const given: Given =
    command.passThrough === true
      ? { values: {}, positionals: [], rest, io }
      : { ...parse(command, rest), rest, io };
  const result = await command.run(given);
  if (given.values["json"] === true) io.stdout.write(`${JSON.stringify(result.json ?? {})}\n`);
  else for (const line of result.lines) io.stdout.write(`${line}\n`);
  return result.failed === true ? 1 : 0;
}

function parse(command: Command, rest: readonly string[]): Pick<Given, "values" | "positionals"> {
  const options = { ...command.options, json: { type: "boolean" } } as const;
  const names = Object.keys(options).map((name) => `--${name}`);
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
    const extra = positionals[command.positionals];
    if (extra === undefined) return { values, positionals };
    throw new UsageError(`"${extra}" is not expected; see: batchwatch ${command.name} --help`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const unknown = rest.find(
      (word) => word.startsWith("-") && !names.includes(word.split("=")[0] ?? ""),
    );
    if (unknown === undefined) {
      const message = error instanceof Error ? error.message : String(error);
      throw new UsageError(message.split("\n")[0] ?? "The options cannot be read.");
    }
    const meant = nearest(unknown.split("=")[0] ?? "", names);
    const hint =
      meant === null ? `see: batchwatch ${command.name} --help` : `did you mean ${meant}?`;
    throw new UsageError(`${unknown} is not an option of ${command.name}; ${hint}`);
  }
}

function commandOf(words: readonly string[]): Command | null {
  const two = words.slice(0, 2).join(" ");
  return COMMANDS.find((one) => one.name === two || one.name === words[0]) ?? null;
}

function unknownCommand(words: readonly string[]): UsageError {
  const typed = words.filter((word) => !word.startsWith("-")).slice(0, 2);
  const family = COMMANDS.filter((one) => one.name.startsWith(`${typed[0]} `));
  const asked = typed.join(" ");
  if (family.length > 0) {
    const names = family.map((one) => one.name).join(", ");
    return new UsageError(`"${asked}" is not a command; there are: ${names}.`);
  }
  const names = COMMANDS.map((one) => one.name);
  const meant = nearest(asked, names) ?? nearest(typed[0] ?? "", names);
  const hint = meant === null ? "see: batchwatch help" : `did you mean ${meant}?`;
  return new UsageError(`"${asked}" is not a command; ${hint}`);
}

function help(words: readonly string[], io: CliIo): number {
  const asked = words.join(" ");
  const command = commandOf(asked.split(" "));
  const family = COMMANDS.filter((one) => one.name.startsWith(`${asked} `));
  if (asked === "") io.stdout.write(helpOverview(COMMANDS));
  else if (command !== null) io.stdout.write(helpOn(command));
  else if (family.length > 0) io.stdout.write(helpOverview(family));
  else throw unknownCommand(words);
  return 0;
}
