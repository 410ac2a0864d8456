// The server as few files: its start spent more time on finding and opening hundreds of modules, in each thread anew, than on its work.
// Packages are joined too, but those that look for files of their own.
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";

const from = (path) => fileURLToPath(new URL(path, import.meta.url));
const THREADS = ["door", "log", "reader", "shard", "store"];

/** They load native code, or start threads from files beside their own. */
const APART = ["@node-rs/argon2", "better-sqlite3", "pino", "piscina"];

export default defineConfig({
  platform: "node",
  input: {
    main: from("src/main.ts"),
    cli: from("src/cli/main.ts"),
    ...Object.fromEntries(THREADS.map((name) => [name, from(`src/threads/${name}.ts`)])),
  },
  external: (id) => APART.some((name) => id === name || id.startsWith(`${name}/`)),
  resolve: {
    alias: {
      "@batchwatch/engine$": from("../engine/src/index.ts"),
      "@batchwatch/db/journal$": from("../db/src/journal.ts"),
      "@batchwatch/db$": from("../db/src/index.ts"),
    },
  },
  output: {
    dir: from("bundle"),
    format: "esm",
    // All in one folder: a file finds the others, and the package above it, whichever part of the program it holds.
    chunkFileNames: "[name]-[hash].js",
    sourcemap: true,
    cleanDir: true,
  },
});
