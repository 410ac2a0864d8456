import { readFile } from "node:fs/promises";
import { PACKAGE_ROOT } from "../package-root.ts";
import { describeSettings, readSettings } from "../settings.ts";
import type { Command } from "./command.ts";
import { withStores } from "./open-store.ts";

export const serveCommand: Command = {
  name: "serve",
  sentence: "Runs the server.",
  usage: "[--sample]",
  details: [
    "--sample turns on sample data where there is no source yet.",
    "Settings: batchwatch config.",
  ],
  options: {},
  positionals: 0,
  passThrough: true,
  async run(given) {
    const { serve } = await import("../main.ts");
    await serve([...given.rest]);
    return { lines: [] };
  },
};

export const migrate: Command = {
  name: "migrate",
  sentence: "Brings the store to this version's schema; the server does so too when it starts.",
  usage: "",
  details: [],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ service }, { settings }) => {
      const storeId = await service.storeId();
      return {
        host: { command: "migrate", subjectKind: "store", subjectId: storeId },
        lines: [`The store ${settings.databasePath} is up to date.`],
        json: { path: settings.databasePath, storeId },
      };
    });
  },
};

export const config: Command = {
  name: "config",
  sentence: "Prints the effective settings; passwords hidden.",
  usage: "",
  details: ["A star marks what the environment sets; the rest are defaults."],
  options: {},
  positionals: 0,
  run(given) {
    const settings = readSettings(given.io.env);
    const rows = describeSettings(settings);
    const lines = rows.map((row) => {
      const value = row.value === "" ? "(none)" : row.value;
      return `${row.given ? "*" : " "} ${row.name}=${value}  [${row.unit}] ${row.sentence}`;
    });
    const without = settings.withoutEffect.map(
      (name) => `* ${name} has no effect in this version.`,
    );
    return Promise.resolve({
      lines: [...lines, ...without],
      json: Object.fromEntries(rows.map((row) => [row.name, row.value])),
    });
  },
};

/** The version in the package's manifest. */
export async function version(): Promise<string> {
  const manifest = await readFile(new URL("package.json", PACKAGE_ROOT), "utf8");
  return /"version": *"([^"]+)"/.exec(manifest)?.[1] ?? "unknown";
}
