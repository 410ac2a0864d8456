#!/usr/bin/env node
// Committed, so that npm links the command before the first build; the work is in bundle.
import { existsSync } from "node:fs";

// Who reads our output may stop reading, as `head` does: that is no failure.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const entry = new URL("../bundle/cli.js", import.meta.url);
if (existsSync(entry)) {
  const { runCli } = await import(entry.href);
  process.exitCode = await runCli(process.argv.slice(2), process);
} else {
  process.stderr.write("Run npm run build first.\n");
  process.exitCode = 1;
}
