import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { audit, auditOf, sbom } from "./supply.mjs";

const LOCK = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
/** npm starts twice in some of these. */
const LIMIT_MS = 60_000;

/** npm against a registry of our own, with nothing remembered. */
async function registry(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const cache = mkdtempSync(join(tmpdir(), "batchwatch-supply-"));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(cache, { recursive: true, force: true });
  });
  return {
    npm_config_registry: `http://127.0.0.1:${server.address().port}/`,
    npm_config_cache: cache,
    npm_config_fetch_retries: "0",
    npm_config_noproxy: "127.0.0.1",
  };
}

function purlOf(name, version) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function advisory(id, severity) {
  return { id, url: "https://example.com", title: "invented", severity, vulnerable_versions: "*" };
}

/** A registry that knows these weaknesses and has no package. */
const knows = (weaknesses) => (request, response) => {
  const isAsked = request.url?.endsWith("/advisories/bulk") === true;
  request.resume().on("end", () => {
    response.writeHead(isAsked ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isAsked ? weaknesses : {}));
  });
};

describe("the line on weaknesses", () => {
  test(
    "counts them, and names the critical ones of production alone",
    async () => {
      const weaknesses = { ws: [advisory(1, "critical")], oxlint: [advisory(2, "critical")] };
      const { line, critical } = await audit({ env: await registry(knows(weaknesses)) });
      expect(line).toMatch(/^audit: [2-9]\d* critical, 0 high$/);
      expect(critical).toContain("ws");
      expect(critical).not.toContain("oxlint");
    },
    LIMIT_MS,
  );

  test(
    "says so when there are none",
    async () => {
      const env = { ...(await registry(knows({}))), npm_config_offline: "true" };
      expect(await audit({ env })).toEqual({ line: "audit: 0 critical, 0 high", critical: [] });
    },
    LIMIT_MS,
  );

  test(
    "calls a registry that does not know, or does not answer, unavailable",
    async () => {
      const unavailable = { line: "audit: unavailable", critical: [] };
      const refusing = await registry((_request, response) => response.writeHead(403).end("no"));
      expect(await audit({ env: refusing })).toEqual(unavailable);
      const silent = await registry(() => {});
      expect(await audit({ env: silent, timeoutMs: 3_000 })).toEqual(unavailable);
    },
    LIMIT_MS,
  );

  test.each(["", "<html>", "null", "{}", '{"error":{"code":"ENOAUDIT"}}', '{"metadata":{}}'])(
    "%j is no report",
    (printed) => {
      expect(auditOf(printed, LOCK).line).toBe("audit: unavailable");
    },
  );
});

test(
  "the bill of materials is made without a network, and holds what runs in production with its hash",
  async () => {
    const { components, dependencies } = await sbom({ env: { npm_config_offline: "true" } });
    const has = new Map(components.map((one) => [one.purl, one]));
    const needed = Object.entries(LOCK.packages)
      .filter(([path, one]) => path.includes("node_modules/") && !one.link)
      .filter(([, one]) => !one.dev && !one.optional && !one.devOptional && !one.peer)
      .map(([path, { name, version }]) =>
        purlOf(name ?? path.split("node_modules/").at(-1), version),
      );
    expect(needed.length).toBeGreaterThan(100);
    const refs = new Set(components.map((one) => one["bom-ref"]));
    const dangling = dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(dangling.filter((one) => !refs.has(one))).toEqual([]);
    expect(needed.filter((one) => has.get(one)?.hashes === undefined)).toEqual([]);
    expect([...has.keys()].filter((one) => /\/(vitest|oxlint|fast-check)@/.test(one))).toEqual([]);
  },
  LIMIT_MS,
);
