import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  access,
  acceptSignIn,
  authorized,
  dropAccess,
  forgetAccess,
  isPagedOnly,
  postAuth,
} from "./access.ts";
import { deviceStore, keepIn } from "./device-store.ts";
import { memoryStore } from "./memory-store.ts";
import { loseSession } from "./owner.ts";
import { postCall } from "./post-call.ts";
import { sendReceipts } from "./receipts.ts";
import { card } from "./test-card.ts";
import { command } from "./test-commands.ts";
import { pairHere } from "./test-paired.ts";

const START = Date.parse("2026-11-11T02:14:00.000Z");
const MINUTE = 60_000;
/** The server's clock is an hour behind this device's. */
const SERVER = START - 60 * MINUTE;

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly token: string | null;
}

describe("who may call the server", () => {
  let asked: Asked[];
  let answers: Record<string, (asked: Asked) => Response | Promise<Response>>;
  let tokens = 0;
  const pathsAsked = (): readonly string[] => asked.map(({ path }) => path);
  const date = (): Record<string, string> => ({
    date: new Date(SERVER + (Date.now() - START)).toUTCString(),
  });
  const token = (lifeMs = 5 * MINUTE): Response => {
    tokens += 1;
    const expiresAt = new Date(SERVER + (Date.now() - START) + lifeMs).toISOString();
    return Response.json({ accessToken: `t${tokens}`, expiresAt }, { headers: date() });
  };
  const refused = (code: string, status = 401): Response =>
    Response.json({ code, message: code }, { status, headers: date() });

  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ["Date"] });
    keepIn(memoryStore());
    forgetAccess();
    tokens = 0;
    asked = [];
    answers = { "/auth/refresh": () => token() };
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request, init) => {
      const path = request as string;
      const headers = new Headers(init?.headers);
      const call = {
        path,
        body: JSON.parse((init?.body as string | undefined) ?? "{}") as Record<string, unknown>,
        token: headers.get("authorization"),
      };
      asked.push(call);
      const answer = answers[path.replace(/\?.*/, "")];
      if (answer === undefined) throw new TypeError("Failed to fetch");
      return answer(call);
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("asks once for all that call meanwhile, and keeps the token until half a minute before its end", async () => {
    const [one, two] = await Promise.all([access(), access()]);
    expect(one).toMatchObject({ kind: "open", token: "t1", isPagedOnly: false });
    expect(two).toBe(one);
    vi.setSystemTime(START + 4 * MINUTE + 29_000);
    expect(await access()).toBe(one);
    vi.setSystemTime(START + 4 * MINUTE + 30_000);
    expect(await access()).toMatchObject({ token: "t2" });
    expect(pathsAsked()).toEqual(["/auth/refresh", "/auth/refresh"]);
  });

  it("keeps a very short token for half of its life, and is not misled by this device's clock", async () => {
    answers["/auth/refresh"] = () => token(4_000);
    await access();
    vi.setSystemTime(START + 1_900);
    expect(await access()).toMatchObject({ token: "t1" });
    vi.setSystemTime(START + 2_100);
    expect(await access()).toMatchObject({ token: "t2" });
  });

  it("goes on with the old token while the server is away, as long as it counts, and then waits", async () => {
    await access();
    delete answers["/auth/refresh"];
    vi.setSystemTime(START + 4 * MINUTE + 40_000);
    expect(await access()).toMatchObject({ kind: "open", token: "t1" });
    vi.setSystemTime(START + 5 * MINUTE + 1_000);
    expect(await access()).toEqual({ kind: "later" });
    answers["/auth/refresh"] = () => token();
    expect(await access()).toMatchObject({ token: "t2" });
  });

  it("is signed out only by a refusal of this server", async () => {
    for (const answer of [
      () => new Response("<html>Sign in to Wi-Fi</html>", { status: 200 }),
      () => new Response("<html></html>", { status: 401 }),
      () => refused("busy", 503),
      () => refused("forbidden_origin", 403),
    ]) {
      answers["/auth/refresh"] = answer;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await access()).toEqual({ kind: "later" });
    }
    answers["/auth/refresh"] = () => refused("signed_out");
    expect(await access()).toEqual({ kind: "signed-out" });
    const calls = asked.length;
    expect(await access()).toEqual({ kind: "signed-out" });
    expect(asked).toHaveLength(calls);
    vi.setSystemTime(START + 10_001);
    answers["/auth/refresh"] = () => token();
    expect(await access()).toMatchObject({ kind: "open" });
  });

  it("sends the token, and renews one that the server does not take once", async () => {
    answers["/trpc/me.get"] = ({ token: given }) =>
      given === "Bearer t2" ? Response.json({ ok: true }) : refused("UNAUTHORIZED");
    const response = await authorized("/trpc/me.get", { method: "POST", body: "{}" });
    expect(await response.json()).toEqual({ ok: true });
    expect(asked.map(({ path, token: given }) => `${path} ${given ?? ""}`)).toEqual([
      "/auth/refresh ",
      "/trpc/me.get Bearer t1",
      "/auth/refresh ",
      "/trpc/me.get Bearer t2",
    ]);
    answers["/trpc/me.get"] = () => refused("UNAUTHORIZED");
    expect((await authorized("/trpc/me.get", {})).status).toBe(401);
    expect(asked.slice(4).map(({ path }) => path)).toEqual([
      "/trpc/me.get",
      "/auth/refresh",
      "/trpc/me.get",
    ]);
  });

  it("answers as the server would when nobody is signed in, and fails like a network when it cannot know", async () => {
    answers["/auth/refresh"] = () => refused("signed_out");
    const response = await authorized("/trpc/me.get", {});
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { data: { code: "UNAUTHORIZED" } } });
    forgetAccess();
    delete answers["/auth/refresh"];
    await expect(authorized("/trpc/me.get", {})).rejects.toThrow(TypeError);
    expect(pathsAsked()).not.toContain("/trpc/me.get");
  });

  it("forgets what was asked for before somebody else signed in", async () => {
    let release = (): void => {};
    answers["/auth/refresh"] = () =>
      new Promise<Response>((resolve) => {
        release = () => resolve(token());
      });
    const old = access();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    answers["/auth/sign-in"] = () => token();
    expect(acceptSignIn(await postAuth("sign-in", { code: "c" }))).toBe(true);
    release();
    expect(await old).toEqual({ kind: "later" });
    expect(await access()).toMatchObject({ token: "t1" });
    dropAccess("t0");
    expect(await access()).toMatchObject({ token: "t1" });
  });

  describe("on a paired device", () => {
    beforeEach(async () => {
      await deviceStore.set("owner", { userId: "u1", confirmed: true });
      await deviceStore.set("commands", [command("c1")]);
      await pairHere("u1", "2026-11-11T14:00:00.000Z");
      await loseSession(deviceStore);
      answers["/auth/refresh"] = () => refused("signed_out");
      answers["/auth/device"] = () => token();
    });

    it("signs in by the device's key, dated by the server's clock, and its owner's answers may be sent", async () => {
      expect(await access()).toMatchObject({ kind: "open", isPagedOnly: true });
      expect(isPagedOnly()).toBe(true);
      const { assertion } = (asked[1] as Asked).body as { assertion: string };
      const claims = JSON.parse(atob(assertion.split(".")[1] ?? "")) as Record<string, unknown>;
      expect(claims).toMatchObject({ iss: "d1", iat: SERVER / 1_000 });
      expect(await deviceStore.get("owner")).toEqual({ userId: "u1", confirmed: true });
      expect(await deviceStore.get("commands")).toMatchObject([{ refusal: null }]);
    });

    it("says what it has shown", async () => {
      answers["/trpc/push.receipt"] = () => Response.json({ result: { data: { counted: true } } });
      await deviceStore.set("receipts", [{ notificationId: "n-1", kind: "shown", at: START }]);
      await sendReceipts(deviceStore, postCall);
      expect(asked.at(-1)).toMatchObject({
        path: "/trpc/push.receipt",
        body: { notificationId: "n-1", kind: "shown" },
      });
      expect(await deviceStore.get("receipts")).toEqual([]);
    });

    it("asks the server for nothing but the incidents that were paged", async () => {
      answers["/trpc/incidents.acknowledge"] = () => Response.json({ ok: true });
      expect((await authorized("/trpc/jobs.list?batch=1", {})).status).toBe(401);
      expect((await authorized("/trpc/incidents.acknowledge", {})).status).toBe(200);
      expect(pathsAsked()).not.toContain("/trpc/jobs.list?batch=1");
    });

    it("is signed out when the server does not take the key, and waits when it does not answer", async () => {
      answers["/auth/device"] = () => refused("busy", 503);
      expect(await access()).toEqual({ kind: "later" });
      answers["/auth/device"] = () => refused("unknown_device");
      expect(await access()).toEqual({ kind: "signed-out" });
      expect(isPagedOnly()).toBe(false);
      expect(await deviceStore.get("owner")).toMatchObject({ confirmed: false });
    });

    it("keeps nothing that was paged to its owner once the server has refused the key for good", async () => {
      await deviceStore.set("cards", [{ card: card(), receivedAt: START }] as never);
      answers["/auth/device"] = () => refused("busy", 503);
      await access();
      expect((await deviceStore.get("cards"))?.length).toBe(1);
      answers["/auth/device"] = () => refused("unknown_device");
      await access();
      expect(await deviceStore.get("cards")).toBeUndefined();
      expect(await deviceStore.get("device")).toBeUndefined();
    });
  });
});
