import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { serviceWorker } from "./build/service-worker.ts";

/** Where `vite` in development finds a running server; the built app is served by the server itself. */
const devServer = process.env["BATCHWATCH_DEV_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), serviceWorker()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // What pages ran is counted by source in a coverage run alone; nobody else is given the sources.
    sourcemap: process.env["BATCHWATCH_TEST_COVERAGE"] === undefined ? false : "hidden",
    rolldownOptions: {
      output: {
        // All that is loaded at once in one file: what a lazy part shares with it is otherwise a file each.
        codeSplitting: { groups: [{ name: "app", tags: ["$initial"] }] },
      },
    },
  },
  server: {
    proxy: {
      "/trpc": { target: devServer, ws: true },
      "/auth": { target: devServer },
    },
  },
});
