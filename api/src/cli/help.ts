import type { Command } from "./command.ts";

function usageLine(command: Command): string {
  return `batchwatch ${command.name} ${command.usage}`.trim();
}

/** Help on one command. */
export function helpOn(command: Command): string {
  const details = command.details.map((line) => `  ${line}\n`).join("");
  const json =
    command.passThrough === true ? "" : "  --json prints the result as JSON, as the last line.\n";
  return `${command.sentence}\n\n  ${usageLine(command)}\n\n${details}${json}`;
}

/** Help on several commands. */
export function helpOverview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.sentence}\n`);
  return (
    `Batchwatch watches batch jobs.\n\n  batchwatch COMMAND …\n\n${lines.join("")}\n` +
    "  batchwatch COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 wrong usage or setting.\n"
  );
}
