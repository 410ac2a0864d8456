// The server as few files: its start spent more time on finding and opening hundreds of modules, in each thread anew, than on its work.
// Packages stay outside, so that native ones and those that start threads find their own files; two of some hundred small modules do not.
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";

const from = (path) => fileURLToPath(new URL(path, import.meta.url));
const OURS = /^(?:[./]|[A-Za-z]:\\|@batchwatch\/)/;
/** Plain modules that look for no file: kysely alone was 260 of them, opened by each thread that has the store. */
const JOINED = /^(?:kysely|zod)(?:\/|$)/;
const THREADS = ["door", "log", "reader", "shard", "store"];

export default defineConfig({
  platform: "node",
  input: {
    main: from("src/main.ts"),
    cli: from("src/cli/main.ts"),
    ...Object.fromEntries(THREADS.map((name) => [name, from(`src/threads/${name}.ts`)])),
  },
  external: (id) => !OURS.test(id) && !JOINED.test(id),
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
