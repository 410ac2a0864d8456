import type { ParseArgsConfig } from "node:util";

/** What a command may touch of the process; tests give their own. */
export interface CliIo {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** What is piped in or typed; only commands that say so read it. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/** The parsed command line. */
export interface Given {
  readonly values: Readonly<
    Record<string, string | boolean | readonly (string | boolean)[] | undefined>
  >;
  readonly positionals: readonly string[];
  /** Words after the command's name, unparsed. */
  readonly rest: readonly string[];
  readonly io: CliIo;
}

/** What a command changed, for the audit trail: ids only, no names and no secrets. */
export interface HostAct {
  /** The command's name. */
  readonly command: string;
  readonly subjectKind: string;
  /** Null where it concerns no one thing. */
  readonly subjectId: string | null;
  readonly teamId?: string | null;
  /** Which settings are others than before, as a change request names them; absent: none that are told apart. */
  readonly fields?: readonly string[];
}

/** `lines` for people; `json` instead of them with `--json`. */
export interface CommandResult {
  /** Set by every command that changes the store (cli/host-acts.test.ts). */
  readonly host?: HostAct;
  readonly lines: readonly string[];
  readonly json?: unknown;
  /** The command did its work, and its answer is no. */
  readonly failed?: boolean;
}

export interface Command {
  readonly name: string;
  readonly sentence: string;
  /** What follows the name, and what it means, for `--help`. */
  readonly usage: string;
  readonly details: readonly string[];
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** How many words without a dash it takes. */
  readonly positionals: number;
  /** The command reads its own words. */
  readonly passThrough?: boolean;
  run(given: Given): Promise<CommandResult>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  readonly code = "bad_usage";
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The command could not do its work: exit code 1. */
export class CommandError extends Error {
  readonly code = "command_failed";
  constructor(message: string) {
    super(message);
    this.name = "CommandError";
  }
}
