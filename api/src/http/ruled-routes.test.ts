import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { User } from "@batchwatch/engine";
import Fastify from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROUTE_RULES, routeRule } from "../auth/route-policy.ts";
import { type AppOptions, makeApp } from "./app.ts";
import { ruledRoutes } from "./ruled-routes.ts";

const USER: User = { userId: "u", name: "n", role: "auditor", teamIds: [] };
const CALLERS: Readonly<Record<string, object>> = {
  "Bearer good": { user: USER, by: "session" },
  "Bearer device": { user: USER, by: "device" },
};
const HEALTH = {
  status: "UP",
  components: [
    { name: "dataFreshness", status: "UP", summary: "secret source", details: { age: 1 } },
  ],
} as const;

/** The app as the server makes it, with nothing behind it: what is tested is what stands before. */
async function app(more: Partial<AppOptions> = {}) {
  const pagesRoot = mkdtempSync(join(tmpdir(), "batchwatch-pages-"));
  writeFileSync(join(pagesRoot, "index.html"), "<!doctype html>");
  const made = await makeApp({
    gate: {},
    services: {},
    sourceByKey: () => null,
    auth: { secure: false, originRefused: () => false, oidc: { name: "the bank" }, now: () => 0 },
    secure: false,
    ack: { tokens: {} },
    callerOf: async ({ authorization }: { authorization?: string }) =>
      CALLERS[authorization ?? ""] ?? null,
    metrics: { contentType: "text/plain", text: async () => "secret figures" },
    health: () => HEALTH,
    live: () => true,
    ready: () => true,
    pagesRoot,
    behindProxy: false,
    https: null,
    ...more,
  } as unknown as AppOptions);
  onTestFinished(async () => {
    await made.close();
    rmSync(pagesRoot, { recursive: true });
  });
  return made;
}

describe("every route has a rule [S61]", () => {
  it("one without does not start", () => {
    const bare = Fastify();
    ruledRoutes(bare);
    expect(() => bare.get("/debug", async () => "open")).toThrow("GET /debug has no rule");
    expect(() => bare.all("/trpc/:path", async () => "open")).toThrow("/trpc/:path has no rule");
    expect(() => bare.get("/health", async () => "open")).not.toThrow();
  });

  it("and every rule a route", async () => {
    const made = await app();
    for (const key of Object.keys(ROUTE_RULES)) {
      const [method = "", url = ""] = key.split(" ");
      if (method === "UPGRADE") continue;
      expect([key, made.hasRoute({ method, url })]).toEqual([key, true]);
    }
  });

  it("names nobody's properties", () => {
    for (const [method, path] of [
      ["", "constructor"],
      ["__proto__", ""],
      ["PUT", "/health"],
    ]) {
      expect(routeRule(method ?? "", path ?? "")).toBeNull();
    }
    expect(routeRule("HEAD", "/health")).toBe("open");
  });

  it.each(["203.0.113.9", "::ffff:203.0.113.9", "10.0.0.1", "128.0.0.1"])(
    "details and figures are for this host and whoever is signed in, not for %s",
    async (remoteAddress) => {
      const made = await app();
      const ask = (url: string, authorization = "") =>
        made.inject({ url, remoteAddress, headers: { authorization } });
      expect((await ask("/metrics")).statusCode).toBe(401);
      expect((await ask("/metrics", "Bearer bad")).statusCode).toBe(401);
      // A paired device that is signed out.
      expect((await ask("/metrics", "Bearer device")).statusCode).toBe(401);
      expect((await ask("/health", "Bearer device")).body).not.toContain("secret source");
      expect((await ask("/metrics", "Bearer good")).body).toContain("secret figures");
      expect((await ask("/health")).body).not.toContain("secret source");
      expect((await ask("/health", "Bearer good")).body).toContain("secret source");
    },
  );

  it("this host sees both", async () => {
    const made = await app();
    expect((await made.inject("/metrics")).body).toContain("secret figures");
    expect((await made.inject("/health")).body).toContain("secret source");
  });

  it("a connection of this host through a proxy is its caller's", async () => {
    const made = await app({ behindProxy: true });
    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect((await made.inject({ url: "/metrics", headers })).statusCode).toBe(401);
  });

  it("another origin's page and a token that lets nobody in are recorded, a call without one is not", async () => {
    const seen: unknown[] = [];
    const made = await app({
      refused: (refusal) => seen.push(refusal),
      badToken: (token, what) => seen.push([token, what]),
      auth: { secure: false, originRefused: () => true, oidc: null, now: () => 0 } as never,
    });
    await made.inject({ method: "POST", url: "/auth/sign-in", payload: {} });
    await made.inject({ url: "/trpc/me.get", headers: { authorization: "Bearer bad" } });
    await made.inject({ url: "/trpc/me.get", headers: { authorization: "Basic bad" } });
    await made.inject({ url: "/trpc/me.get" });
    await made.inject({ url: "/trpc/health.get", headers: { authorization: "Bearer good" } });
    expect(seen).toEqual([
      { userId: null, what: "POST /auth/sign-in", status: 403 },
      ["bad", "GET /trpc"],
      ["", "GET /trpc"],
    ]);
  });

  it("says over TLS that this host is spoken to over TLS only", async () => {
    const secure = await app({ secure: true });
    const header = "strict-transport-security";
    expect((await secure.inject("/")).headers[header]).toBe("max-age=31536000");
    expect((await (await app()).inject("/")).headers[header]).toBeUndefined();
  });
});
