import {
  createECDH,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserSession } from "./browser-session.ts";
import { eventually, ServerProcess } from "./server-process.ts";

/** A push service that takes everything; what is in a push is none of its business. */
async function pushService(): Promise<{ server: Server; host: string; pushes: string[] }> {
  const pushes: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      pushes.push(request.url ?? "");
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}`, pushes };
}

describe("a paired device that is signed out", () => {
  let server: ServerProcess;
  let push: Awaited<ReturnType<typeof pushService>>;
  beforeAll(async () => {
    push = await pushService();
    server = await ServerProcess.start({ BATCHWATCH_PUSH_ALLOWED_HOSTS: push.host });
  });
  afterAll(async () => {
    await server.remove();
    push.server.close();
  });

  async function call(path: string, input: object, headers: Readonly<Record<string, string>>) {
    const response = await fetch(`${server.url}/trpc/${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as { result?: { data: Record<string, unknown> } };
    return { status: response.status, data: body.result?.data ?? {} };
  }

  /** Signed in once on a device that is paired and can be woken. */
  async function onCall(name: string) {
    const { id = "" } = await server.command(
      ..."user add --role on-call --team Lending --name".split(" "),
      name,
    );
    const { link = "" } = await server.command("user", "link", "--name", name);
    const session = await BrowserSession.signIn(server, { code: link.split("code=")[1] });
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { data } = await call(
      "me.pairDevice",
      {
        publicKey: JSON.stringify(pair.publicKey.export({ format: "jwk" })),
        label: "Chrome on Android",
      },
      session.headers,
    );
    const ecdh = createECDH("prime256v1");
    const subscribed = await call(
      "push.subscribe",
      {
        endpoint: `http://${push.host}/${id}`,
        p256dh: ecdh.generateKeys("base64url"),
        auth: randomBytes(16).toString("base64url"),
        label: "Chrome on Android",
      },
      session.headers,
    );
    expect(subscribed.status).toBe(200);
    return { id, session, deviceId: String(data["deviceId"]), key: pair.privateKey };
  }

  async function fullSession(name: string): Promise<Readonly<Record<string, string>>> {
    await server.command("user", "add", "--role", "auditor", "--name", name);
    const { link = "" } = await server.command("user", "link", "--name", name);
    return (await BrowserSession.signIn(server, { code: link.split("code=")[1] })).headers;
  }

  /** What is told to a caller from elsewhere: whether metrics are, and which details of health. */
  async function operations(who: Readonly<Record<string, string>>) {
    const headers = { ...who, "x-forwarded-for": "203.0.113.7" };
    const metrics = await fetch(`${server.url}/metrics`, { headers });
    await metrics.arrayBuffer();
    const health = await fetch(`${server.url}/health`, { headers });
    const { components } = (await health.json()) as { components: Record<string, object> };
    const details = Object.entries(components).filter(([, one]) => "details" in one);
    return { metrics: metrics.status, details: details.map(([name]) => name) };
  }

  function assertion(deviceId: string, key: KeyObject): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({})
      .setProtectedHeader({ alg: "ES256" })
      .setIssuer(deviceId)
      .setAudience(server.url)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(key);
  }

  it("answers what its owner was paged for, and nothing else", async () => {
    // Their sessions are over in the browser: nothing of them comes along from here on.
    const paged = await onCall("Paged Person");
    const other = await onCall("Other Person");
    for (const { session } of [paged, other]) session.cookie = "";
    await server.command("oncall", "set", "--team", "lending", "--users", "Paged Person");
    const key = await server.source("jobs", "native", "--paging");
    const at = new Date().toISOString();
    const failed = (name: string, team: string) => ({
      job: { name, team },
      run: { id: "1" },
      kind: "failed",
      at,
    });
    const events = [failed("loans", "Lending"), failed("wires", "Payments")];
    await server.post("/api/v1/observations", key, JSON.stringify(events));
    const manager = server.client(await server.token("sees all"));
    const { items } = await eventually(
      () => manager.trpc.incidents.list.query({ limit: 10 }),
      (page) => page.items.length === 2,
      20_000,
    );
    const idOf = (team: string) => items.find((one) => one.teamId === team)?.incidentId ?? "";
    await eventually(
      () => push.pushes,
      (all) => all.includes(`/${paged.id}`),
      20_000,
    );

    const said = await assertion(paged.deviceId, paged.key);
    const entered = await paged.session.post("/auth/device", { assertion: said });
    expect(entered.status).toBe(200);
    expect((await paged.session.post("/auth/device", { assertion: said })).status).toBe(401);
    const device = { authorization: `Bearer ${entered.body.accessToken}` };
    const entry = await other.session.post("/auth/device", {
      assertion: await assertion(other.deviceId, other.key),
    });
    const others = { authorization: `Bearer ${entry.body.accessToken}` };

    const acknowledge = (incidentId: string, headers: Readonly<Record<string, string>>) =>
      call("incidents.acknowledge", { commandId: randomUUID(), incidentId }, headers);
    // Of their team, but they were not paged for it; and of another team.
    expect((await acknowledge(idOf("lending"), others)).status).toBe(403);
    expect((await acknowledge(idOf("payments"), device)).status).toBe(403);
    expect((await acknowledge("nothing", device)).status).toBe(403);
    const { status, data } = await acknowledge(idOf("lending"), device);
    expect(status).toBe(200);
    expect(data).toMatchObject({ acknowledgedBy: { userId: paged.id } });
    const resolve = { commandId: randomUUID(), incidentId: idOf("lending"), reason: "done" };
    expect((await call("incidents.resolve", resolve, device)).status).toBe(403);
    for (const path of ["me.get", "dashboard.get", "incidents.list?input=%7B%22limit%22%3A1%7D"]) {
      const response = await fetch(`${server.url}/trpc/${path}`, { headers: device });
      expect([path, response.status]).toEqual([path, 403]);
    }
    const seen = `incidents.get?input=${encodeURIComponent(JSON.stringify({ incidentId: idOf("lending") }))}`;
    expect((await fetch(`${server.url}/trpc/${seen}`, { headers: device })).status).toBe(200);
    const looks = await eventually(
      () => manager.trpc.audit.list.query({ filter: { action: "incident-viewed" } }),
      (page) => page.items.length > 0,
    );
    expect(looks.items).toMatchObject([
      {
        actorId: paged.id,
        subjectId: idOf("lending"),
        teamId: "lending",
        detail: { by: "device" },
      },
    ]);
    // As if it had come without: what is open to whoever is signed in is closed to it.
    expect(await operations(device)).toEqual({ metrics: 401, details: [] });
    const signedIn = await operations(await fullSession("Signed In"));
    expect(signedIn.metrics).toBe(200);
    expect(signedIn.details).toContain("database");
    manager.close();
  });

  it("is paired and woken no more when its owner ends the session that it was paired in", async () => {
    const { session, deviceId, key } = await onCall("Robbed Person");
    const { link = "" } = await server.command("user", "link", "--name", "Robbed Person");
    const owner = await BrowserSession.signIn(server, { code: link.split("code=")[1] });
    const ask = async (path: string) => {
      const response = await fetch(`${server.url}/trpc/${path}`, { headers: owner.headers });
      return ((await response.json()) as { result: { data: unknown } }).result.data;
    };
    const { items } = (await ask("me.sessions")) as {
      items: { readonly sessionId: string; readonly isThis: boolean }[];
    };
    const stolen = items.find(({ isThis }) => !isThis);
    expect(await ask("push.devices")).toHaveLength(1);
    await call("me.endSession", { sessionId: stolen?.sessionId }, owner.headers);
    // Who can be told is read again within the second in which a session's end counts.
    await eventually(
      () => ask("push.devices"),
      (devices) => Array.isArray(devices) && devices.length === 0,
      1_000,
    );
    const said = await assertion(deviceId, key);
    expect((await session.post("/auth/device", { assertion: said })).status).toBe(401);
  });

  it("answers nothing after a sign-out on it, and is told of nothing", async () => {
    const { id, session, deviceId, key } = await onCall("Leaving Person");
    const devices = async () =>
      (await fetch(`${server.url}/trpc/push.devices`, { headers: session.headers })).status;
    expect(await devices()).toBe(200);
    await session.post("/auth/sign-out");
    expect(await devices()).toBe(401);
    const said = await assertion(deviceId, key);
    expect((await session.post("/auth/device", { assertion: said })).status).toBe(401);
    const { trpc, close } = server.client(await server.token("watches", "administrator"));
    const { items } = await trpc.audit.list.query({ filter: { actorId: id } });
    close();
    expect(items.map(({ action, detail }) => [action, detail["why"]])).toContainEqual([
      "push-consent-withdrawn",
      "sign-out",
    ]);
  });
});
