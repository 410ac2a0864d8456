import { fileURLToPath } from "node:url";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Files that the benches run or write; this file lies two folders below the root, built or not. */
export const PATHS: {
  readonly root: string;
  readonly server: string;
  readonly command: string;
  readonly shardThread: string;
  readonly results: string;
  child(this: void, name: string): string;
} = {
  root: fromRoot(""),
  server: fromRoot("api/bundle/main.js"),
  command: fromRoot("api/bin/batchwatch.js"),
  shardThread: fromRoot("api/dist/threads/shard.js"),
  results: fromRoot("bench/results"),
  child: (name: string): string => fromRoot(`bench/dist/children/${name}.js`),
};
