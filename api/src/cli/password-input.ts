import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CommandError, type CliIo } from "./command.ts";

/** Longer input is not read on: it is no password. */
const MOST_BYTES = 4_096;

/**
 * The first line of what is piped in, or, at a terminal, what is typed without being shown. Never an argument: those are in the shell's history
 * and in every list of processes.
 */
export async function readPassword(io: CliIo): Promise<string> {
  const { stdin } = io;
  if (stdin === undefined) throw new CommandError("There is no input to read the password from.");
  const line = stdin.isTTY === true ? await typed(io, stdin) : await piped(stdin);
  if (line === "") throw new CommandError("The password is empty; give it as one line of input.");
  return line;
}

async function piped(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.includes("\n") || text.length > MOST_BYTES) break;
  }
  return text.split(/\r?\n/)[0] ?? "";
}

async function typed(io: CliIo, stdin: NodeJS.ReadableStream): Promise<string> {
  io.stderr.write("New password (it is not shown): ");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => reject(new CommandError("No password was given.")));
    });
  } finally {
    lines.close();
    io.stderr.write("\n");
  }
}
