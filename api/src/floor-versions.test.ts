import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Versions in which a known weakness was mended; every copy in the lock file is at least that. */
const FLOORS: Readonly<Record<string, readonly [version: string, why: string]>> = {
  "@trpc/server": ["11.8.0", "CVE-2025-43855 (bad connectionParams), CVE-2025-68130 (formData)"],
  "@trpc/client": ["11.8.0", "of one version with the server"],
  ws: ["8.17.1", "CVE-2024-37890 (many headers)"],
  fastify: ["5.3.2", "CVE-2025-32442 (content types that skip validation)"],
  "find-my-way": ["9.0.1", "CVE-2024-45813 (two parameters in one segment)"],
  "secure-json-parse": ["4.0.0", "scans constructor.prototype"],
  jose: ["6.0.0", "fixed algorithms"],
  "openid-client": ["6.0.0", "PKCE by default"],
  "request-filtering-agent": ["3.2.1", "refuses every form of a private address"],
  "path-to-regexp": ["6.3.0", "CVE-2024-45296 (backtracking)"],
  cookie: ["0.7.0", "CVE-2024-47764 (characters out of bounds)"],
  undici: ["6.21.1", "CVE-2025-22150 (weak boundaries)"],
};

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}
const lock = JSON.parse(
  readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
) as Lock;

function copiesOf(name: string): readonly string[] {
  const suffix = `node_modules/${name}`;
  return Object.entries(lock.packages)
    .filter(([path]) => path === suffix || path.endsWith(`/${suffix}`))
    .map(([, { version = "0" }]) => version);
}

function isBelow(version: string, floor: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map(Number);
  const [is, least] = [parts(version), parts(floor)];
  const differs = least.findIndex((part, at) => part !== is[at]);
  return differs >= 0 && !((is[differs] ?? 0) > (least[differs] ?? 0));
}

it.each(Object.entries(FLOORS))("%s is at least %j", (name, [floor]) => {
  expect(copiesOf(name).filter((version) => isBelow(version, floor))).toEqual([]);
});

it("looks at packages that are there", () => {
  const needed = ["@trpc/server", "ws", "fastify", "find-my-way", "secure-json-parse", "jose"];
  expect(needed.filter((name) => copiesOf(name).length === 0)).toEqual([]);
});

it.each([
  ["8.17.0", "8.17.1", true],
  ["8.17.1", "8.17.1", false],
  ["8.9.0", "8.17.1", true],
  ["11.0.0", "8.17.1", false],
  ["7.99.99", "8.0.0", true],
])("%s is below %s: %s", (version, floor, below) => {
  expect(isBelow(version, floor)).toBe(below);
});
