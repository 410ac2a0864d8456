import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Stores } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { HOST_METHODS, servedStores } from "./served-stores.ts";

/** Who may do it alone: the command line on the host, the first start, and the sample bank's own jobs. */
const AT_THE_HOST = /^(cli\/|main\.ts$|sample-clocks\.ts$|trpc\/served-stores\.ts$)/;

test("services have no method that changes a protected thing alone [EYES-15]", async () => {
  const called: string[] = [];
  const store = (name: string) =>
    new Proxy({}, { get: (_target, method) => () => called.push(`${name}.${String(method)}`) });
  const names = ["settings", "calendars", "sources", "receivers", "identity", "jobs"];
  const stores = Object.fromEntries(names.map((name) => [name, store(name)])) as unknown as Stores;
  const served = servedStores(stores) as unknown as Record<string, Record<string, () => void>>;
  for (const [name, methods] of Object.entries(HOST_METHODS)) {
    for (const method of methods) expect(served[name]?.[method]).toBeUndefined();
  }
  served["settings"]?.["get"]?.();
  served["receivers"]?.["oncall"]?.();
  expect(called).toEqual(["settings.get", "receivers.oncall"]);
});

test("nothing but the host calls one", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const calls = Object.entries(HOST_METHODS).flatMap(([name, methods]) =>
    methods.map((method) => new RegExp(`\\b${name}\\??\\.${method}\\(`)),
  );
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !/(\.test|(^|\/)test-[\w-]+)\.ts$/.test(path));
  expect(files.length).toBeGreaterThan(100);
  const found = files.filter((path) => {
    const text = readFileSync(`${root}/${path}`, "utf8");
    return calls.some((call) => call.test(text));
  });
  expect(found.filter((path) => !AT_THE_HOST.test(path))).toEqual([]);
  // It sees a call where there is one.
  expect(found).toContain("cli/users.ts");
});
