import { generateKeyPairSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { API_LIMITS } from "./options.ts";
import { AuthWorld, ORIGIN } from "./test-auth.ts";

const callerOf = (world: AuthWorld, token: string | undefined) =>
  world.auth.callerOf({ authorization: `Bearer ${token ?? ""}` });

describe("a paired device", () => {
  async function paired() {
    const world = await AuthWorld.open();
    const { accessToken, cookie } = await world.signIn();
    const caller = await callerOf(world, accessToken);
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const publicKey = JSON.stringify(pair.publicKey.export({ format: "jwk" }));
    const device = { publicKey, label: "Chrome on Android" };
    const session = { sessionId: caller?.id ?? "" };
    const { deviceId, goodUntil } = await world.auth.services.pairDevice(
      world.user,
      session,
      device,
    );
    const assertion = () => {
      const seconds = Math.floor(world.now / 1_000);
      return new SignJWT({})
        .setProtectedHeader({ alg: "ES256" })
        .setIssuer(deviceId)
        .setAudience(ORIGIN)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 60)
        .sign(pair.privateKey);
    };
    const enter = async () => world.post("/auth/device", { assertion: await assertion() });
    return { world, cookie, accessToken, session, device, deviceId, goodUntil, enter };
  }

  test("gets in after its session has ended by its time, until its own is over", async () => {
    const { world, cookie, deviceId, goodUntil, enter } = await paired();
    world.now += API_LIMITS.sessionMs;
    expect((await world.post("/auth/refresh", {}, { cookie })).status).toBe(401);
    const { status, body, cookie: set } = await enter();
    expect([status, set]).toEqual([200, null]);
    expect(await callerOf(world, body.accessToken)).toMatchObject({
      by: "device",
      id: deviceId,
      user: { userId: world.user.userId },
    });
    expect(world.trail().at(-1)).toMatchObject({ action: "sign-in", subjectId: deviceId });
    world.now = Date.parse(goodUntil) - 30_000;
    const late = await enter();
    expect(Date.parse(late.body.expiresAt ?? "")).toBeLessThanOrEqual(Date.parse(goodUntil));
    world.now = Date.parse(goodUntil);
    const over = await enter();
    expect([over.status, over.body.code]).toEqual([401, "signed_out"]);
    expect(await callerOf(world, late.body.accessToken)).toBeNull();
  });

  test("pairing again gives no more time, a sign-in does, and neither a program nor a device pairs one", async () => {
    const { world, session, device, deviceId, goodUntil } = await paired();
    expect(Date.parse(goodUntil)).toBe(world.now + API_LIMITS.pairedDeviceMs);
    world.now += 3_600_000;
    const { services } = world.auth;
    expect(await services.pairDevice(world.user, session, device)).toEqual({ deviceId, goodUntil });
    const { accessToken } = await world.signIn();
    const next = { sessionId: (await callerOf(world, accessToken))?.id ?? "" };
    const again = await services.pairDevice(world.user, next, device);
    expect(again.deviceId).toBe(deviceId);
    expect(Date.parse(again.goodUntil)).toBe(world.now + API_LIMITS.pairedDeviceMs);
    await expect(services.pairDevice(world.user, null, device)).rejects.toMatchObject({
      code: "no_session",
    });
    await expect(
      services.pairDevice(world.user, session, { ...device, publicKey: "{}" }),
    ).rejects.toMatchObject({ code: "bad_key" });
  });

  test("is listed without its key, removed by its owner only, and counts no more at once", async () => {
    const { world, deviceId, enter } = await paired();
    const { services } = world.auth;
    const { body } = await enter();
    const listed = await services.devices(world.user);
    expect(listed).toMatchObject([{ deviceId, label: "Chrome on Android" }]);
    expect(JSON.stringify(listed)).not.toContain("P-256");
    const stranger = await world.stores.identity.addUser("Stranger", "on-call", [], 1);
    expect(await services.devices(stranger)).toEqual([]);
    expect(await services.unpairDevice(stranger, deviceId)).toBe(false);
    expect(await services.unpairDevice(world.user, deviceId)).toBe(true);
    expect(await callerOf(world, body.accessToken)).toBeNull();
    expect((await enter()).status).toBe(401);
  });

  test("ends when its owner signs out on it", async () => {
    const { world, cookie, enter } = await paired();
    await world.post("/auth/sign-out", {}, { cookie });
    expect((await enter()).status).toBe(401);
  });

  test.each(["everywhere", "password", "host"] as const)(
    "ends with all that its owner has, also long after its session: %s",
    async (how) => {
      const { world, enter } = await paired();
      world.now += API_LIMITS.sessionMs + 3_600_000;
      expect((await enter()).status).toBe(200);
      const { user, auth, stores } = world;
      if (how === "everywhere") await auth.services.signOutEverywhere(user);
      if (how === "host") {
        await stores.sessions.endAllOf(user.userId, null, "removed", "host", world.now);
        await world.directory.refresh();
      }
      if (how === "password") {
        const { accessToken } = await world.signIn();
        const session = { sessionId: (await callerOf(world, accessToken))?.id ?? "" };
        await auth.services.setPassword(user, session, "another four words", null);
      }
      expect((await enter()).status).toBe(401);
    },
  );
});
