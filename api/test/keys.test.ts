import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditKeyOf } from "../src/auth/audit-key.ts";
import { openSecret } from "../src/auth/secret-file.ts";
import { sealedWebhook } from "../src/notify/webhook-channel.ts";
import { BrowserSession } from "./browser-session.ts";
import { eventually, ServerProcess } from "./server-process.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

const COMMAND = fileURLToPath(new URL("../bin/batchwatch.js", import.meta.url));
const CANARY = `canary-${randomUUID()}`;

describe("the keys of what is stored", () => {
  let server: ServerProcess;
  let receiver: WebhookReceiver;
  let secret = "";
  beforeAll(async () => {
    receiver = await WebhookReceiver.listen();
    server = await ServerProcess.start({
      BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: `${receiver.host},127.0.0.1:9`,
    });
    // What is in the address is a secret as well.
    const url = `${receiver.url}${CANARY}`;
    const hook = await server.command("webhook", "add", "--name", "desk", "--url", url);
    secret = hook["secret"] ?? "";
  });
  afterAll(async () => {
    await server.remove();
    await receiver.close();
  });

  /** Key ids of everything that lies sealed. */
  function sealedWith(): string[] {
    const file = new Sqlite(join(server.dataDir, "batchwatch.db"), { readonly: true });
    const rows = file
      .prepare(
        "select sealed_secret sealed from webhook union all select sealed from sealed_secret",
      )
      .all() as { sealed: string }[];
    file.close();
    return rows.map(({ sealed }) => sealed.split(".")[1] ?? "");
  }

  async function onDisk(): Promise<string> {
    const files = (await readdir(server.dataDir)).filter((name) => name.includes(".db"));
    const contents = await Promise.all(
      files.map((name) => readFile(join(server.dataDir, name), "latin1")),
    );
    return contents.join("");
  }

  /** A failed job, and that the webhook hears of it. */
  async function hears(job: string): Promise<void> {
    // A source of its own: three jobs of one source that fail together are one incident.
    const key = await server.source(job, "native", "--paging");
    const event = {
      job: { name: job },
      run: { id: "1" },
      kind: "failed",
      at: new Date().toISOString(),
    };
    expect((await server.post("/api/v1/observations", key, JSON.stringify([event]))).status).toBe(
      202,
    );
    await eventually(
      () => receiver.arrivals,
      (all) => all.some(({ jobName }) => jobName === job),
      20_000,
    );
  }

  /** Kills the command so long after the new key is kept. Resolves with whether it was killed. */
  async function rotateAndKill(afterMs: number): Promise<boolean> {
    const file = join(server.dataDir, "secret.key");
    const before = await readFile(file, "utf8");
    const child = spawn(process.execPath, [COMMAND, "keys", "rotate"], {
      env: { ...process.env, BATCHWATCH_DATA_DIR: server.dataDir },
      stdio: "ignore",
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      child.on("exit", (_code, signal) => resolve(signal));
    });
    await eventually(
      () => readFile(file, "utf8"),
      (text) => text !== before,
      20_000,
    );
    await new Promise((resolve) => {
      setTimeout(resolve, afterMs);
    });
    child.kill("SIGKILL");
    return (await ended) === "SIGKILL";
  }

  /** Straight to the store, as the command line would one by one. */
  async function addWebhooks(count: number): Promise<void> {
    const { seal } = await openSecret({ secretFile: null, dataDir: server.dataDir });
    const { stores, close } = await openStores({
      path: join(server.dataDir, "batchwatch.db"),
      auditKey: auditKeyOf(seal),
      joinSummaries: joinStoredSummaries,
    });
    for (let index = 0; index < count; index += 1) {
      const row = {
        webhookId: randomUUID(),
        name: `extra ${index}`,
        teamId: "nobody",
        createdAt: 1,
      };
      if (index === 0) await stores.identity.addUser("nobody", "on-call", ["nobody"], 1);
      const secrets = { url: "http://127.0.0.1:9/x", secret: "whsec_x" };
      await stores.receivers.addWebhook(sealedWebhook(seal, row, secrets));
    }
    await close();
  }

  it("neither secret nor address of a webhook is on disk in clear", async () => {
    await hears("before");
    const text = await onDisk();
    expect(text).toContain("bw1.");
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(
      Buffer.from(secret.replace("whsec_", ""), "base64").toString("latin1"),
    );
  });

  it("changed under a running server: everything is sealed anew, webhooks are still called, people stay in", async () => {
    const session = await BrowserSession.byLink(server);
    const [old] = sealedWith();
    const { keyId, resealed } = await server.command("keys", "rotate");
    expect(resealed).toBe(2);
    expect(keyId).not.toBe(old);
    expect(sealedWith()).toEqual([keyId, keyId]);
    await hears("after");
    // The access token was signed with the key before; the page gets another one.
    const me = () => fetch(`${server.url}/trpc/me.get`, { headers: session.headers });
    await eventually(
      async () => (await me()).status,
      (status) => status === 401,
      1_000,
    );
    expect((await session.post("/auth/refresh")).status).toBe(200);
    expect((await me()).status).toBe(200);
    expect(await onDisk()).not.toContain(CANARY);
  });

  it("killed in between, everything opens, and the next call brings it to its end", async () => {
    await addWebhooks(90);
    let halfWay = 0;
    for (const afterMs of [0, 10]) {
      const killed = await rotateAndKill(afterMs);
      const keys = new Set(sealedWith());
      if (killed && keys.size > 1) halfWay += 1;
      await hears(`killed after ${afterMs}`);
      const done = await server.command("keys", "rotate");
      if (killed && keys.size > 1) expect(done["resumed"]).toBe(true);
      expect(new Set(sealedWith())).toEqual(new Set([done["keyId"]]));
      await hears(`resumed after ${afterMs}`);
    }
    expect(halfWay).toBeGreaterThan(0);
    expect(
      receiver.arrivals.every(({ headers }) => headers["webhook-signature"] !== undefined),
    ).toBe(true);
    const file = new Sqlite(join(server.dataDir, "batchwatch.db"), { readonly: true });
    const rows = file
      .prepare("select actor_id from audit_record where action = 'keys-rotated'")
      .all();
    file.close();
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.every((row) => (row as { actor_id: string }).actor_id === "host")).toBe(true);
  }, 180_000);
});
