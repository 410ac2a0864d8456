import { LIMITS } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { API_LIMITS } from "./options.ts";
import { AuthWorld, ORIGIN, PASSWORD } from "./test-auth.ts";

const callerOf = (world: AuthWorld, token: string | undefined) =>
  world.auth.callerOf({ authorization: `Bearer ${token ?? ""}` });

describe("signing in with a code", () => {
  test("gives an access token and a refresh cookie, once, and is audited", async () => {
    const world = await AuthWorld.open();
    const code = await world.code();
    const { status, body, cookie } = await world.post("/auth/sign-in", { code });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(["accessToken", "expiresAt"]);
    const left = Date.parse(body.expiresAt ?? "") - world.now;
    expect(left).toBeGreaterThan(API_LIMITS.accessTokenMs - 1_001);
    expect(left).toBeLessThanOrEqual(API_LIMITS.accessTokenMs);
    expect(cookie).toMatch(/^batchwatch-refresh=bwr_/);
    expect(await callerOf(world, body.accessToken)).toMatchObject({
      user: { userId: world.user.userId },
      by: "session",
    });
    const again = await world.post("/auth/sign-in", { code });
    expect([again.status, again.body.code, again.cookie]).toEqual([401, "invalid_code", null]);
    const [link, signIn, refused] = world.trail();
    expect(link).toMatchObject({ action: "host-command", actorId: "host" });
    expect(signIn).toMatchObject({ action: "sign-in", actorId: world.user.userId });
    expect(JSON.parse(signIn?.detail ?? "")).toEqual({ method: "code", label: "Firefox on Linux" });
    expect(refused).toMatchObject({ action: "sign-in-refused", actorId: "unknown" });
  });

  test("neither the code, the cookie, nor the access token is on disk", async () => {
    const world = await AuthWorld.open();
    const code = await world.code();
    const { body, cookie } = await world.post("/auth/sign-in", { code });
    const { readFile } = await import("node:fs/promises");
    const files = await Promise.all(
      ["", "-wal"].map((end) => readFile(`${world.path}${end}`, "latin1").catch(() => "")),
    );
    for (const secret of [code, cookie?.split("=")[1], body.accessToken]) {
      expect(secret?.length).toBeGreaterThan(15);
      expect(files.join("")).not.toContain(secret);
    }
  });

  test("the refresh cookie is no bearer token, and the access token no cookie", async () => {
    const world = await AuthWorld.open();
    const { accessToken, cookie } = await world.signIn();
    expect(await callerOf(world, cookie.split("=")[1])).toBeNull();
    expect(await world.auth.callerOf({ cookie })).toBeNull();
    expect((await world.refresh(`batchwatch-refresh=${accessToken}`)).status).toBe(401);
  });

  test.each([
    {},
    { code: 7 },
    { code: "" },
    { name: "x" },
    { password: "x" },
    { name: "x", password: "x".repeat(257) },
  ])("%j is no sign-in", async (body) => {
    const world = await AuthWorld.open();
    const answer = await world.post("/auth/sign-in", body);
    expect([answer.status, answer.body.code]).toEqual([400, "bad_request"]);
  });

  test("another origin's page may not", async () => {
    const world = await AuthWorld.open();
    const code = await world.code();
    const headers = { origin: "https://evil.example" };
    expect((await world.post("/auth/sign-in", { code }, headers)).status).toBe(403);
    expect((await world.post("/auth/sign-in", { code }, { origin: ORIGIN })).status).toBe(200);
  });
});

describe("refreshing", () => {
  test("replaces the cookie; the one before gets an access token for the grace, an older one ends all", async () => {
    const world = await AuthWorld.open();
    const { cookie: first } = await world.signIn();
    world.now += 60_000;
    const second = await world.refresh(first);
    expect(second.status).toBe(200);
    expect(second.cookie).not.toBe(first);
    // Its answer has arrived: the access token of it is used.
    expect(await callerOf(world, second.body.accessToken)).not.toBeNull();
    const again = await world.refresh(first);
    expect([again.status, again.cookie]).toEqual([200, null]);
    world.now += LIMITS.refreshGraceMs + 1;
    const reused = await world.refresh(first);
    expect([reused.status, reused.body.code]).toEqual([401, "signed_out"]);
    expect(reused.cookie).toBe("batchwatch-refresh=");
    // The good one is worth nothing any more, nor is any access token.
    expect((await world.refresh(second.cookie ?? "")).status).toBe(401);
    expect(await callerOf(world, again.body.accessToken)).toBeNull();
    const actions = world.trail().map(({ action }) => action);
    expect(actions.slice(-2)).toEqual(["refresh-reused", "session-ended"]);
  });

  test("an answer that was lost is given again, as long as nobody has used it", async () => {
    const world = await AuthWorld.open();
    const { cookie } = await world.signIn();
    const lost = await world.refresh(cookie);
    const retried = await world.refresh(cookie);
    expect(retried.cookie).toBe(lost.cookie);
    // Either of the two answers says that somebody has the next one.
    await callerOf(world, lost.body.accessToken);
    expect((await world.refresh(cookie)).cookie).toBeNull();
    world.now += 60_000;
    expect((await world.refresh(lost.cookie ?? "")).status).toBe(200);
  });

  test("an answer that a page waited for in vain is given again, and once more", async () => {
    const world = await AuthWorld.open();
    const { cookie } = await world.signIn();
    const lost = await world.refresh(cookie);
    for (const attempt of ["second", "third"]) {
      // What the page waits for an answer: `callTimeoutMs` of its OFFLINE_LIMITS.
      world.now += 15_000 - 1;
      const retried = await world.refresh(cookie);
      expect([attempt, retried.status, retried.cookie]).toEqual([attempt, 200, lost.cookie]);
    }
    expect(world.trail().map(({ action }) => action)).not.toContain("refresh-reused");
  });

  test("a thief that is quick is found out", async () => {
    const world = await AuthWorld.open();
    const { cookie: stolen } = await world.signIn();
    const thief = await world.refresh(stolen);
    expect(await callerOf(world, thief.body.accessToken)).not.toBeNull();
    // The person asks with the same within the grace, gets an access token, and keeps the old cookie.
    const person = await world.refresh(stolen);
    expect([person.status, person.cookie]).toEqual([200, null]);
    world.now += API_LIMITS.accessTokenMs;
    expect((await world.refresh(stolen)).status).toBe(401);
    expect((await world.refresh(thief.cookie ?? "")).status).toBe(401);
  });

  test("does not go on for longer than a session lasts, and its last token ends with it", async () => {
    const world = await AuthWorld.open();
    let { cookie } = await world.signIn();
    const end = world.now + API_LIMITS.sessionMs;
    while (world.now + 3 * 3_600_000 < end) {
      world.now += 3 * 3_600_000;
      cookie = (await world.refresh(cookie)).cookie ?? "";
    }
    world.now = end - 60_000;
    const last = await world.refresh(cookie);
    expect(Date.parse(last.body.expiresAt ?? "")).toBeLessThanOrEqual(end);
    world.now = end;
    expect((await world.refresh(last.cookie ?? "")).status).toBe(401);
  });

  test.each(["", "batchwatch-refresh=bwr_x", `batchwatch-refresh=bwr_${"x".repeat(43)}`, "a=b"])(
    "%j is signed out",
    async (cookie) => {
      const world = await AuthWorld.open();
      const answer = await world.refresh(cookie);
      expect([answer.status, answer.body.code]).toEqual([401, "signed_out"]);
    },
  );
});

describe("signing out", () => {
  test("ends the session here and now", async () => {
    const world = await AuthWorld.open();
    const [here, elsewhere] = [await world.signIn(), await world.signIn()];
    const answer = await world.post("/auth/sign-out", {}, { cookie: here.cookie });
    expect([answer.status, answer.cookie]).toEqual([200, "batchwatch-refresh="]);
    expect(await callerOf(world, here.accessToken)).toBeNull();
    expect(await callerOf(world, elsewhere.accessToken)).not.toBeNull();
    expect((await world.refresh(here.cookie)).status).toBe(401);
    expect(world.trail().at(-1)).toMatchObject({ action: "sign-out", actorId: world.user.userId });
    expect((await world.post("/auth/sign-out", {}, { cookie: here.cookie })).status).toBe(200);
    expect((await world.post("/auth/sign-out")).status).toBe(200);
  });

  test("ends the push subscription that the browser names, though it began before this session", async () => {
    const world = await AuthWorld.open();
    const { userId } = world.user;
    const [endpoint, other] = ["https://push.example/1", "https://push.example/2"];
    for (const one of [endpoint, other]) {
      const keys = { p256dh: "key", auth: "auth" };
      const browser = { label: "Chrome", isPrivate: false, createdAt: 1, consentWords: null };
      await world.stores.receivers.subscribe({ userId, endpoint: one, ...keys, ...browser });
    }
    const { cookie } = await world.signIn();
    await world.post("/auth/sign-out", { endpoint }, { cookie });
    const left = await world.stores.receivers.subscriptions();
    expect(left.map((one) => one.endpoint)).toEqual([other]);
  });
});

describe("signing in with a password", () => {
  test("the right one lets in; a wrong one, an account without one and a name that nobody has get the same answer", async () => {
    const world = await AuthWorld.open();
    await world.setPassword();
    await world.stores.identity.addUser("No Password", "auditor", [], 1);
    const right = await world.post("/auth/sign-in", { name: "Duty Operator", password: PASSWORD });
    expect([right.status, right.cookie === null]).toEqual([200, false]);
    const refusals = [];
    for (const name of ["Duty Operator", "No Password", "Nobody"]) {
      refusals.push(await world.post("/auth/sign-in", { name, password: "something else" }));
    }
    expect(refusals[0]?.body.code).toBe("invalid_password");
    expect(refusals[1]).toEqual(refusals[0]);
    expect(refusals[2]).toEqual(refusals[0]);
    const trail = world.trail();
    expect(trail.slice(-3).map(({ action, actorId }) => [action, actorId === "unknown"])).toEqual([
      ["sign-in-refused", false],
      ["sign-in-refused", false],
      ["sign-in-refused", true],
    ]);
    expect(JSON.stringify(trail)).not.toContain("something else");
    expect(JSON.stringify(trail)).not.toContain("Nobody");
  });

  test("whoever guesses has to wait, and keeps nobody else out", async () => {
    const world = await AuthWorld.open();
    await world.setPassword();
    const guess = (password: string, address: string) =>
      world.post("/auth/sign-in", { name: "Duty Operator", password }, {}, address);
    for (let count = 0; count < API_LIMITS.pairFailures; count += 1) {
      expect((await guess(`wrong ${count}`, "192.0.2.1")).status).toBe(401);
    }
    const refused = await guess(PASSWORD, "192.0.2.1");
    expect([refused.status, refused.body.code]).toEqual([429, "too_many_attempts"]);
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect((await guess(PASSWORD, "198.51.100.7")).status).toBe(200);
  });

  test("more at once than are hashed and wait get 503, and the server goes on", async () => {
    const world = await AuthWorld.open();
    await world.setPassword();
    const most = API_LIMITS.hashesAtOnce + API_LIMITS.hashesWaiting;
    const answers = await Promise.all(
      Array.from({ length: most + 20 }, (_, index) =>
        world.post(
          "/auth/sign-in",
          { name: `n${index}`, password: PASSWORD },
          {},
          `192.0.2.${index}`,
        ),
      ),
    );
    const count = (status: number) => answers.filter((one) => one.status === status).length;
    expect(count(503)).toBeGreaterThan(0);
    expect(count(401) + count(503)).toBe(answers.length);
    expect(answers.find((one) => one.status === 503)).toMatchObject({
      body: { code: "busy" },
      retryAfter: 1,
    });
    const right = await world.post("/auth/sign-in", { name: "Duty Operator", password: PASSWORD });
    expect(right.status).toBe(200);
  });

  test("calls of one address are bounded, whatever they are", async () => {
    const world = await AuthWorld.open();
    const statuses = [];
    for (let count = 0; count <= API_LIMITS.authCallsPerMinute; count += 1) {
      statuses.push((await world.refresh("")).status);
    }
    expect(statuses.at(-2)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("the sign-in screen", () => {
  test("is told what there is", async () => {
    const plain = await AuthWorld.open();
    const methods = async (world: AuthWorld) =>
      (await world.app.inject({ method: "GET", url: "/auth/methods" })).json() as unknown;
    expect(await methods(plain)).toEqual({ password: true, oidc: null });
    const bank = await AuthWorld.open({
      BATCHWATCH_OIDC_ISSUER: "https://login.bank.example/realms/x",
      BATCHWATCH_OIDC_CLIENT_ID: "batchwatch",
    });
    expect(await methods(bank)).toEqual({ password: true, oidc: { name: "login.bank.example" } });
  });
});

describe("one's own account", () => {
  const sessionOf = async (world: AuthWorld, token: string) => {
    const caller = await callerOf(world, token);
    return { user: world.user, session: { sessionId: caller?.id ?? "" } };
  };

  test("sessions are listed, one is ended, everything is ended, each at once", async () => {
    const world = await AuthWorld.open();
    const { services } = world.auth;
    const [first, second] = [await world.signIn(), await world.signIn()];
    const { user, session } = await sessionOf(world, second.accessToken);
    const listed = await services.sessions(user, session);
    expect(listed.map(({ isThis, method }) => [isThis, method])).toContainEqual([true, "code"]);
    expect(listed).toHaveLength(2);
    const stranger = await world.stores.identity.addUser("Stranger", "on-call", [], 1);
    const other = listed.find(({ isThis }) => !isThis)?.sessionId ?? "";
    expect(await services.endSession(stranger, other)).toBe(false);
    expect(await callerOf(world, first.accessToken)).not.toBeNull();
    expect(await services.endSession(user, other)).toBe(true);
    expect(await callerOf(world, first.accessToken)).toBeNull();
    expect(await services.signOutEverywhere(user)).toBe(1);
    expect(await callerOf(world, second.accessToken)).toBeNull();
  });

  test("a first password is set, a later one needs the one before, and the other sessions end", async () => {
    const world = await AuthWorld.open();
    const { services } = world.auth;
    const [here, elsewhere] = [await world.signIn(), await world.signIn()];
    const { user, session } = await sessionOf(world, here.accessToken);
    const set = (password: string, current: string | null) =>
      services.setPassword(user, session, password, current);
    expect(await services.hasPassword(user)).toBe(false);
    await expect(set("too short", null)).rejects.toMatchObject({ code: "weak_password" });
    await set(PASSWORD, null);
    expect(await services.hasPassword(user)).toBe(true);
    expect(await callerOf(world, here.accessToken)).not.toBeNull();
    expect(await callerOf(world, elsewhere.accessToken)).toBeNull();
    for (const current of [null, "not that one"]) {
      await expect(set("another that is long", current)).rejects.toMatchObject({
        code: "wrong_password",
      });
    }
    await set("another that is long", PASSWORD);
    const signIn = (password: string) =>
      world.post("/auth/sign-in", { name: "Duty Operator", password });
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn("another that is long")).status).toBe(200);
  });

  test("a program's token sets none, and a first one needs a sign-in that is no longer ago than ten minutes", async () => {
    const world = await AuthWorld.open();
    const { services } = world.auth;
    const { user, session } = await sessionOf(world, (await world.signIn()).accessToken);
    const set = (by: typeof session | null, current: string | null = null) =>
      services.setPassword(user, by, PASSWORD, current);
    await expect(set(null)).rejects.toMatchObject({ code: "no_session" });
    await expect(set({ sessionId: "another" })).rejects.toMatchObject({ code: "no_session" });
    world.now += API_LIMITS.firstPasswordMs + 1;
    await expect(set(session)).rejects.toMatchObject({
      code: "sign_in_again",
      message: expect.stringMatching(/^password: .* 10 min /) as string,
    });
    expect(await services.hasPassword(user)).toBe(false);
    const again = await sessionOf(world, (await world.signIn()).accessToken);
    await set(again.session);
    expect(await services.hasPassword(user)).toBe(true);
    // Whoever has one shows that they know it instead.
    world.now += API_LIMITS.firstPasswordMs + 1;
    await set(again.session, PASSWORD);
    await expect(set(null, PASSWORD)).rejects.toMatchObject({ code: "no_session" });
  });

  test("an open session is no way to guess the password", async () => {
    const world = await AuthWorld.open();
    await world.setPassword();
    const { user, session } = await sessionOf(world, (await world.signIn()).accessToken);
    const codes = [];
    for (let count = 0; count <= API_LIMITS.pairFailures; count += 1) {
      const guess = world.auth.services.setPassword(
        user,
        session,
        "any that is long",
        `no ${count}`,
      );
      codes.push(await guess.catch((error: { code: string }) => error.code));
    }
    expect(codes.at(-2)).toBe("wrong_password");
    expect(codes.at(-1)).toBe("too_many_attempts");
  });
});
