import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedHeaders } from "../src/notify/standard-webhook.ts";
import { TestBrowser } from "../src/notify/test-browser.ts";
import { type TakenRequest, TestReceiver } from "../src/notify/test-receiver.ts";
import { eventually, ServerProcess } from "./server-process.ts";

let folder: string;
let server: ServerProcess;
let receiver: TestReceiver;
let secret: string;
let token: string;
let key: string;
let client: ReturnType<ServerProcess["client"]>;
const browser = new TestBrowser();

beforeAll(async () => {
  receiver = await TestReceiver.start("https");
  const host = `localhost:${receiver.port}`;
  folder = await mkdtemp(join(tmpdir(), "batchwatch-ca-"));
  await writeFile(join(folder, "ca.pem"), receiver.ca);
  server = await ServerProcess.start({
    BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: host,
    BATCHWATCH_PUSH_ALLOWED_HOSTS: host,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
  });
  token = await server.token("Duty Operator", "on-call", "Payments");
  client = server.client(token);
  key = await server.source("night", "native", "--team", "Payments");
  await server.command("source", "start-paging", "--name", "night");
  const added = await server.command(
    "webhook",
    "add",
    "--name",
    "SIEM",
    "--url",
    `https://${host}/hook`,
  );
  secret = added["secret"] ?? "";
  await server.command("oncall", "set", "--team", "Payments", "--users", "Duty Operator");
  await server.ready();
});
afterAll(async () => {
  client.close();
  await receiver.stop();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const at = (path: string) => receiver.taken.filter((taken) => taken.path === path);
const hooks = () => at("/hook").map((taken) => ({ ...taken, json: jsonOf(taken) }));
function jsonOf({ body }: TakenRequest) {
  return JSON.parse(body.toString("utf8"));
}

/** A run of this job, from its start to this end. */
async function run(job: string, id: string, kind: "failed" | "succeeded"): Promise<void> {
  const now = new Date().toISOString();
  const fact = {
    job: { namespace: "night", name: job },
    run: { id },
    params: { businessDate: "2026-11-11" },
    at: now,
  };
  const more = kind === "failed" ? { message: "Settlement file missing" } : {};
  const body = [
    { ...fact, kind: "started" },
    { ...fact, kind, ...more },
  ];
  const response = await server.post("/api/v1/observations", key, JSON.stringify(body));
  expect(await response.json()).toMatchObject({ accepted: 2 });
}

describe("a failed run", () => {
  test("reaches webhook and phone, each once, and both can be verified", async () => {
    const { trpc } = client;
    expect((await trpc.push.publicKey.query()).key).toMatch(/^[\w-]{87}$/);
    await trpc.push.subscribe.mutate({
      endpoint: `https://localhost:${receiver.port}/push`,
      p256dh: browser.p256dh,
      auth: browser.auth,
      label: "Chrome on Android",
      isPrivate: false,
    });
    await run("Payments EOD", "1", "failed");
    await eventually(
      () => [hooks().length, at("/push").length],
      ([one, other]) => one === 1 && other === 1,
    );
    const [hook] = hooks();
    const headers = hook?.headers ?? {};
    const ms = Number(headers["webhook-timestamp"]) * 1_000;
    expect(headers).toMatchObject(
      signedHeaders(secret, String(headers["webhook-id"]), ms, hook?.body ?? Buffer.alloc(0)),
    );
    expect(hook?.json).toMatchObject({
      type: "incident.page",
      data: { jobName: "Payments EOD", cause: "FAILED", message: "Settlement file missing" },
    });
    const [pushed] = at("/push");
    expect(pushed?.headers).toMatchObject({ urgency: "high", ttl: "3600" });
    const payload = JSON.parse(browser.read(pushed?.body ?? Buffer.alloc(0)));
    expect(payload.notification.title).toContain("FAILED");
    expect(payload.batchwatch.incidentId).toBe(hook?.json.data.incidentId);
  });

  test("is acknowledged by its link: looking changes nothing, pressing does, once", async () => {
    const { ackUrl, incidentId } = hooks()[0]?.json.data ?? {};
    const path = new URL(ackUrl).pathname;
    const state = async () => (await client.trpc.incidents.get.query({ incidentId })).state;
    for (let time = 0; time < 3; time += 1) {
      const page = await fetch(`${server.url}${path}`);
      expect(page.status).toBe(200);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(page.headers.get("content-security-policy")).not.toContain("script-src");
      expect(await page.text()).toContain("Nobody has it yet.");
    }
    expect(await state()).toBe("OPEN");
    const press = () =>
      fetch(`${server.url}${path}`, { method: "POST" }).then((page) => page.text());
    const first = await press();
    expect(first).toContain("You have it until");
    expect(await state()).toBe("ACKNOWLEDGED");
    expect(await press()).toBe(first);
    const style = await fetch(`${server.url}/ack/page.css`);
    expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect((await fetch(`${server.url}${path}x`)).status).toBe(404);
    // Whose phone was paged is told, without a sound, that it is taken.
    const taken = await eventually(
      () => at("/push")[1],
      (one) => one !== undefined,
    );
    const payload = JSON.parse(browser.read(taken?.body ?? Buffer.alloc(0)));
    expect(payload.notification).toMatchObject({ title: "TAKEN Payments EOD", silent: true });
  });

  test("and its later success is told as recovered, to those who were told", async () => {
    await run("Payments EOD", "2", "succeeded");
    const ended = await eventually(
      () => hooks().find(({ json }) => json.type === "incident.recovered"),
      (one) => one !== undefined,
    );
    expect(ended?.json.data.ackUrl).toBeNull();
    const last = await eventually(
      () => at("/push").at(-1),
      () => at("/push").length === 3,
    );
    const payload = JSON.parse(browser.read(last?.body ?? Buffer.alloc(0)));
    expect(payload.notification).toMatchObject({ silent: true });
    expect(at("/push")[0]?.headers["topic"]).toBe(last?.headers["topic"]);
  });
});

test("an endpoint that points inwards is not subscribed, and nothing is called", async () => {
  for (const endpoint of [
    "https://169.254.169.254/x",
    "https://127.0.0.1/x",
    "https://evil.example/x",
  ]) {
    const refused = client.trpc.push.subscribe.mutate({
      endpoint,
      p256dh: browser.p256dh,
      auth: browser.auth,
      label: "x",
      isPrivate: false,
    });
    await expect(refused).rejects.toThrow("not the push service");
  }
});

test("a source that only watches, and a webhook that was removed: nobody is called", async () => {
  await server.command("webhook", "remove", "--name", "SIEM");
  await server.command("source", "stop-paging", "--name", "night");
  await eventually(
    async () => (await client.trpc.sources.list.query()).items[0]?.pagingMode,
    (mode) => mode === "WATCHING",
  );
  const before = receiver.taken.length;
  const job = `Quiet ${randomUUID()}`;
  await run(job, "1", "failed");
  const incident = await eventually(
    async () =>
      (await client.trpc.incidents.list.query({})).items.find((one) => one.jobName === job),
    (one) => one !== undefined,
  );
  expect(incident).toMatchObject({ untold: "source-watching" });
  expect(receiver.taken.length).toBe(before);
});

test("no secret is in what the server wrote or shows", async () => {
  const shown = JSON.stringify([
    await client.trpc.push.devices.query(),
    await (await fetch(`${server.url}/health`)).json(),
    await (await fetch(`${server.url}/metrics`)).text(),
    server.errors,
  ]);
  for (const one of [
    secret,
    secret.slice("whsec_".length),
    browser.auth,
    `${receiver.port}/push`,
  ]) {
    expect(shown).not.toContain(one);
  }
});
