import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NotifyingWorld } from "./test-notifying.ts";
import { testNotification } from "./test-notifications.ts";

const { cache } = createRequire(import.meta.url);
const LIBRARIES = ["web-push", "request-filtering-agent"];
const pathsOf = (name: string) =>
  Object.keys(cache).filter((path) => path.includes(`node_modules/${name}/`));
const loaded = () => LIBRARIES.filter((name) => pathsOf(name).length > 0);

let world: NotifyingWorld;
beforeEach(async () => {
  // Other tests of this process have sent something.
  for (const path of LIBRARIES.flatMap(pathsOf)) delete cache[path];
  world = await NotifyingWorld.start();
});
afterEach(() => world.stop());

test("what sends is loaded with the first message, or when it is known to whom", async () => {
  const notifier = world.notifier();
  expect(world.vapid.publicKey).toMatch(/^[A-Za-z0-9_-]{87}$/);
  expect(loaded()).toEqual([]);
  world.addDevice();
  expect(await notifier.send(testNotification())).toEqual({ type: "sent" });
  expect(loaded()).toEqual(["web-push"]);
  world.warm();
  expect(loaded()).toEqual(LIBRARIES);
});

test("no file of the server loads them at its start", () => {
  const folder = new URL("../", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter(
    (file) => file.endsWith(".ts") && !/(^|\/)test-|\.test\./.test(file),
  );
  expect(sources.length).toBeGreaterThan(100);
  const importing = sources.filter((file) =>
    /^import (?!type ).* from "(web-push|request-filtering-agent)"/m.test(
      readFileSync(new URL(file, folder), "utf8"),
    ),
  );
  expect(importing).toEqual([]);
});
