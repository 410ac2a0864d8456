import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageRoutes } from "./pages.ts";

describe("the built page", () => {
  let folder: string;
  let app: FastifyInstance;
  beforeAll(async () => {
    // A folder of that name further up says nothing about a file.
    folder = await mkdtemp(join(tmpdir(), "batchwatch-pages-"));
    const root = join(folder, "assets", "dist");
    await mkdir(join(root, "assets"), { recursive: true });
    await writeFile(join(root, "index.html"), "<!doctype html><title>Batchwatch</title>");
    await writeFile(join(root, "sw.js"), "self.skipWaiting;");
    await writeFile(join(root, "manifest.webmanifest"), "{}");
    await writeFile(join(root, "assets", "index-Abc123.js"), "export {};");
    app = Fastify();
    await pageRoutes(app, root);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ["/", "no-cache", "text/html"],
    ["/index.html", "no-cache", "text/html"],
    ["/incidents/i-1?n=n-1", "no-cache", "text/html"],
    ["/sw.js", "no-cache", "application/javascript"],
    ["/manifest.webmanifest", "no-cache", "application/manifest+json"],
    ["/assets/index-Abc123.js", "public, max-age=31536000, immutable", "application/javascript"],
  ])("%s: %s, %s", async (url, cacheControl, type) => {
    const response = await app.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers["cache-control"]).toBe(cacheControl);
    expect(response.headers["content-type"]).toContain(type);
  });
});
