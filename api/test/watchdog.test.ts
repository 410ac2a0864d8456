import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { newWebhookSecret, signedHeaders } from "../src/notify/standard-webhook.ts";
import { TestReceiver } from "../src/notify/test-receiver.ts";
import { eventually, PATIENCE, ServerProcess } from "./server-process.ts";

const COMMAND = fileURLToPath(new URL("../bin/batchwatch.js", import.meta.url));
const EVERY_S = 2 * PATIENCE;
/** What a delivery may take beside the two periods. */
const DELIVERY_MS = 1_000 * PATIENCE;

/** As small as a server can be that answers as ours does. */
const TINY = `
  require("node:http").createServer((request, response) => {
    const live = request.url === "/health/live";
    response.end(JSON.stringify(live ? { status: "UP" } : { status: "UP", components: {} }));
  }).listen(Number(process.argv[1] ?? 0), "127.0.0.1", function () {
    process.stdout.write(String(this.address().port) + "\\n");
  });
`;

/** What one test has: a folder, a receiver, and processes that end with it. They wait, so they run at once. */
interface World {
  readonly folder: string;
  readonly receiver: TestReceiver;
  readonly children: ChildProcess[];
}

const secret = newWebhookSecret();
const it = test.extend<{ world: World }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads what a fixture needs from its first argument
  world: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "batchwatch-watchdog-"));
    const receiver = await TestReceiver.start("http");
    const children: ChildProcess[] = [];
    await writeFile(join(folder, "secret"), `${secret}\n`);
    await use({ folder, receiver, children });
    for (const child of children) child.kill("SIGKILL");
    await receiver.stop();
    await rm(folder, { recursive: true, force: true });
  },
});

async function tiny({ children }: World, port = 0): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ["-e", TINY, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, port: Number(line.toString()) };
}

/** The command as an operator runs it, with all three voices. */
function watchdog(world: World, url: string, ...more: readonly string[]) {
  const { folder, receiver, children } = world;
  const said = join(folder, "said");
  const words = {
    "--url": url,
    "--every": `${EVERY_S}s`,
    "--webhook-url": `http://127.0.0.1:${receiver.port}/alarm`,
    "--webhook-secret-file": join(folder, "secret"),
    "--exec": `echo "$WATCHDOG_STATE: $WATCHDOG_MESSAGE" >> ${said}`,
  };
  const child = spawn(
    process.execPath,
    [COMMAND, "watchdog", ...Object.entries(words).flat(), ...more],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  children.push(child);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return {
    child,
    errors: () => errors,
    said: () => readFile(said, "utf8").catch(() => ""),
    watching: () =>
      eventually(
        () => errors,
        (text) => text.includes("watching"),
        20_000,
      ),
    /** Resolves with the exit code. */
    ended: async (signal: NodeJS.Signals): Promise<number | null> => {
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}

function typesAt({ receiver }: World): () => readonly string[] {
  return () => receiver.taken.map(({ body }) => JSON.parse(body.toString("utf8")).type);
}

describe.concurrent("a watchdog", () => {
  describe.concurrent("a server that is stopped (SIGSTOP)", () => {
    it("is said to stand still within two periods, once, by every voice, and to be back", async ({
      world,
      expect,
    }) => {
      const { receiver } = world;
      const types = typesAt(world);
      const { child, port } = await tiny(world);
      const dog = watchdog(world, `http://127.0.0.1:${port}`);
      await dog.watching();
      const begun = performance.now();
      child.kill("SIGSTOP");
      await eventually(types, (list) => list.length === 1, 2_500 * EVERY_S);
      expect(performance.now() - begun).toBeLessThan(2_000 * EVERY_S + DELIVERY_MS);
      const [taken] = receiver.taken;
      const { body = Buffer.alloc(0), headers = {} } = taken ?? {};
      const at = Number(headers["webhook-timestamp"]) * 1_000;
      expect(headers).toMatchObject(signedHeaders(secret, String(headers["webhook-id"]), at, body));
      expect(JSON.parse(body.toString("utf8"))).toMatchObject({
        type: "watchdog.down",
        data: {
          url: `http://127.0.0.1:${port}`,
          message: expect.stringContaining("stands still: it does not answer"),
        },
      });
      // It goes on standing still: one outage, one message.
      const notices = () => dog.errors().split("\n").length;
      const before = notices();
      await new Promise((resolve) => {
        setTimeout(resolve, 2_000 * EVERY_S);
      });
      expect([types(), notices()]).toEqual([["watchdog.down"], before]);
      child.kill("SIGCONT");
      await eventually(types, (list) => list.length === 2, 2_500 * EVERY_S);
      expect(types()).toEqual(["watchdog.down", "watchdog.up"]);
      const lines = (await eventually(dog.said, (text) => text.includes("up:")))
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^down: Batchwatch at http:\/\/127\.0\.0\.1:\d+ stands still/);
      expect(lines[1]).toMatch(/^up: Batchwatch at .* is back/);
      for (const word of ["stands still", "is back"]) {
        expect(dog.errors().split(word)).toHaveLength(2);
      }
      expect(await dog.ended("SIGTERM")).toBe(0);
    });

    it("is said again and again until the receiver takes it, always with the same id", async ({
      world,
      expect,
    }) => {
      const { receiver } = world;
      const { child, port } = await tiny(world);
      let calls = 0;
      receiver.answer = (_taken, response) => {
        calls += 1;
        response.writeHead(calls < 3 ? 500 : 204).end();
      };
      const dog = watchdog(world, `http://127.0.0.1:${port}`);
      await dog.watching();
      child.kill("SIGSTOP");
      await eventually(
        () => calls,
        (count) => count >= 3,
        2_500 * EVERY_S + 5_000,
      );
      const ids = new Set(receiver.taken.map(({ headers }) => headers["webhook-id"]));
      expect([receiver.taken.length, ids.size]).toEqual([3, 1]);
      expect(dog.errors()).toContain("not delivered (it answered 500)");
      // Stopped while the server stands still: the exit tells.
      expect(await dog.ended("SIGINT")).toBe(1);
    });

    it("the watchdog's own pause is nobody's outage", async ({ world, expect }) => {
      const types = typesAt(world);
      const { port } = await tiny(world);
      const dog = watchdog(world, `http://127.0.0.1:${port}`);
      await dog.watching();
      for (let pause = 0; pause < 2; pause += 1) {
        dog.child.kill("SIGSTOP");
        await new Promise((resolve) => {
          setTimeout(resolve, 1_300 * EVERY_S);
        });
        dog.child.kill("SIGCONT");
        await new Promise((resolve) => {
          setTimeout(resolve, 1_000 * EVERY_S);
        });
      }
      expect([types(), dog.errors()]).toEqual([[], expect.not.stringContaining("stands still")]);
      expect(await dog.ended("SIGTERM")).toBe(0);
    });
  });

  it("a server that ends and comes back within half a period is not noticed, one that stays away is", async ({
    world,
    expect,
  }) => {
    const types = typesAt(world);
    const first = await tiny(world);
    const dog = watchdog(world, `http://127.0.0.1:${first.port}`);
    await dog.watching();
    first.child.kill("SIGKILL");
    const second = await tiny(world, first.port);
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000 * EVERY_S);
    });
    expect(types()).toEqual([]);
    second.child.kill("SIGKILL");
    await eventually(types, (list) => list.length === 1, 2_500 * EVERY_S);
    expect(dog.errors()).toContain("it refuses connections");
  });

  it("--once tells by its exit, and by one line", async ({ world, expect }) => {
    const { child, port } = await tiny(world);
    const asked = async () => {
      const dog = watchdog(world, `http://127.0.0.1:${port}`, "--once");
      let out = "";
      dog.child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
      });
      const code = await new Promise((resolve) => {
        dog.child.once("close", resolve);
      });
      return { code, out };
    };
    expect(await asked()).toEqual({ code: 0, out: `http://127.0.0.1:${port} is well.\n` });
    child.kill("SIGSTOP");
    expect(await asked()).toEqual({ code: 1, out: expect.stringContaining("does not answer") });
  });

  it("a real server, stopped and continued", async ({ world, expect }) => {
    const types = typesAt(world);
    const server = await ServerProcess.start();
    try {
      await server.ready();
      const dog = watchdog(world, server.url);
      await dog.watching();
      process.kill(server.pid, "SIGSTOP");
      const begun = performance.now();
      await eventually(types, (list) => list.length === 1, 2_500 * EVERY_S);
      expect(performance.now() - begun).toBeLessThan(2_000 * EVERY_S + DELIVERY_MS);
      process.kill(server.pid, "SIGCONT");
      await eventually(types, (list) => list.length === 2, 3_000 * EVERY_S);
      expect(types()).toEqual(["watchdog.down", "watchdog.up"]);
      expect(await dog.ended("SIGTERM")).toBe(0);
    } finally {
      await server.remove();
    }
  });
});
