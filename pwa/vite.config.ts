import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite` in development finds a running server; the built app is served by the server itself. */
const devServer = process.env["BATCHWATCH_DEV_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: {
    proxy: {
      "/trpc": { target: devServer, ws: true },
      "/auth": { target: devServer },
    },
  },
});
