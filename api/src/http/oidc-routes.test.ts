import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AuthWorld, ORIGIN } from "../test-auth.ts";
import { CLIENT_ID, CLIENT_SECRET, IdentityProvider } from "../test-identity-provider.ts";

const REDIRECT = `${ORIGIN}/auth/oidc/callback`;
const EMAIL = "duty.operator@bank.example";

async function open() {
  const idp = await IdentityProvider.listen(REDIRECT);
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-oidc-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const secret = join(folder, "secret");
  await writeFile(secret, `${CLIENT_SECRET}\n`);
  const world = await AuthWorld.open({
    BATCHWATCH_OIDC_ISSUER: idp.issuer,
    BATCHWATCH_OIDC_CLIENT_ID: CLIENT_ID,
    BATCHWATCH_OIDC_CLIENT_SECRET_FILE: secret,
  });
  const add = async (name: string) => {
    const user = await world.stores.identity.addUser(name, "on-call", [], world.now);
    await world.directory.refresh();
    return user;
  };
  return { idp, world, add };
}

async function get(world: AuthWorld, url: string, cookie = "") {
  const response = await world.app.inject({ method: "GET", url, headers: { cookie } });
  const set = [response.headers["set-cookie"] ?? []].flat();
  const valueOf = (name: string) =>
    set.map((one) => one.split(";")[0] ?? "").find((one) => one.startsWith(`${name}=`)) ?? null;
  return {
    status: response.statusCode,
    location: response.headers.location ?? "",
    kept: valueOf("batchwatch-oidc"),
    refresh: valueOf("batchwatch-refresh"),
    set,
  };
}

/** A browser's way there and back; `change` tampers with what goes through it. */
async function through(
  { idp, world }: { idp: IdentityProvider; world: AuthWorld },
  login: string,
  change: { there?: (url: URL) => void; back?: (url: URL) => void; cookie?: string } = {},
) {
  const start = await get(world, "/auth/oidc/start");
  const there = new URL(start.location);
  change.there?.(there);
  const back = new URL(await idp.signIn(there.href, login, REDIRECT));
  change.back?.(back);
  const url = `${back.pathname}${back.search}`;
  const kept = start.kept ?? "";
  return { ...(await get(world, url, change.cookie ?? kept)), url, begun: kept };
}

describe("signing in at an identity provider", () => {
  test("leads there with code, PKCE, state and nonce, and keeps what it must remember sealed", async () => {
    const { world, idp } = await open();
    const { status, location, set, kept } = await get(world, "/auth/oidc/start");
    expect(status).toBe(302);
    const asked = new URL(location);
    expect(asked.origin).toBe(idp.issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT,
      code_challenge_method: "S256",
      scope: "openid email",
    });
    for (const name of ["state", "nonce", "code_challenge"]) {
      const value = asked.searchParams.get(name) ?? "";
      expect(value.length).toBeGreaterThan(40);
      expect(kept).not.toContain(value);
    }
    expect(set[0]).toContain("HttpOnly; SameSite=Lax");
  });

  test("a linked person is let in, and the page goes on with the refresh cookie", async () => {
    const parts = await open();
    const { world, add } = parts;
    const user = await add("Duty Operator 2");
    await world.stores.sessions.linkSubject(parts.idp.issuer, "emp-7", user.userId, "host", 1);
    const { status, location, refresh, set } = await through(parts, "emp-7");
    expect([status, location]).toEqual([303, "/"]);
    expect(set.some((one) => one.startsWith("batchwatch-oidc=;"))).toBe(true);
    const { body } = await world.refresh(refresh ?? "");
    const caller = await world.auth.callerOf({ authorization: `Bearer ${body.accessToken}` });
    expect(caller?.user).toEqual(user);
    const signIn = world.trail().find(({ action }) => action === "sign-in");
    expect(JSON.parse(signIn?.detail ?? "")).toMatchObject({ method: "oidc" });
  });

  test("a person whose verified address is the name of a fresh account is linked to it, once and for good", async () => {
    const parts = await open();
    const { world, add, idp } = parts;
    const user = await add(EMAIL);
    idp.accounts.set("emp-8", { email: EMAIL.toUpperCase(), email_verified: true });
    idp.accounts.set("emp-9", { email: EMAIL, email_verified: true });
    expect((await through(parts, "emp-8")).location).toBe("/");
    expect(await world.stores.sessions.userOfSubject(idp.issuer, "emp-8")).toBe(user.userId);
    // The address was given to somebody else: the account was not.
    expect((await through(parts, "emp-9")).location).toBe("/#problem=oidc_unknown_user");
    // And whoever has it stays, whatever they are called now.
    idp.accounts.set("emp-8", { email: "married@bank.example", email_verified: false });
    expect((await through(parts, "emp-8")).location).toBe("/");
  });

  test.each([
    ["unverified", { email: EMAIL, email_verified: false }],
    ["verified in words only", { email: EMAIL, email_verified: "true" }],
    ["not said to be verified", { email: EMAIL }],
    ["another one", { email: "other@bank.example", email_verified: true }],
    ["none", {}],
  ])("an address that is %s links nobody", async (_what, account) => {
    const parts = await open();
    await parts.add(EMAIL);
    parts.idp.accounts.set("emp-1", account);
    const { location, refresh } = await through(parts, "emp-1");
    expect([location, refresh]).toEqual(["/#problem=oidc_unknown_user", null]);
    expect(parts.world.trail().at(-1)).toMatchObject({ action: "sign-in-refused" });
    expect(JSON.stringify(parts.world.trail())).not.toContain("@");
  });

  test.each(["a password", "a sign-in"])(
    "an account that has %s is linked by the host only",
    async (what) => {
      const parts = await open();
      const { world, idp } = parts;
      const user = await parts.add(EMAIL);
      idp.accounts.set("emp-1", { email: EMAIL, email_verified: true });
      if (what === "a password") await world.setPassword("four words that stay", user.userId);
      else await world.signIn(user.userId);
      expect((await through(parts, "emp-1")).location).toBe("/#problem=oidc_unknown_user");
      await world.stores.sessions.linkSubject(idp.issuer, "emp-1", user.userId, "host", 1);
      expect((await through(parts, "emp-1")).location).toBe("/");
    },
  );

  test.each<[string, Parameters<typeof through>[2]]>([
    ["another state", { back: (url) => url.searchParams.set("state", "x".repeat(43)) }],
    ["no state", { back: (url) => url.searchParams.delete("state") }],
    ["another nonce", { there: (url) => url.searchParams.set("nonce", "x".repeat(43)) }],
    ["no nonce", { there: (url) => url.searchParams.delete("nonce") }],
    [
      "another challenge",
      { there: (url) => url.searchParams.set("code_challenge", "x".repeat(43)) },
    ],
    ["another code", { back: (url) => url.searchParams.set("code", "x".repeat(43)) }],
    ["no code", { back: (url) => url.searchParams.delete("code") }],
    ["two codes", { back: (url) => url.searchParams.append("code", "x") }],
    ["another issuer", { back: (url) => url.searchParams.set("iss", "https://evil.example") }],
    [
      "a refusal",
      {
        back: (url) => {
          url.searchParams.delete("code");
          url.searchParams.set("error", "access_denied");
        },
      },
    ],
    ["no cookie", { cookie: "a=b" }],
    ["a cookie of one's own", { cookie: "batchwatch-oidc=bw1.00000000.AAAAAAAAAAAAAAAA.AAAA" }],
  ])("with %s nobody is let in", async (_what, change) => {
    const parts = await open();
    const user = await parts.add("Duty Operator 2");
    await parts.world.stores.sessions.linkSubject(
      parts.idp.issuer,
      "emp-1",
      user.userId,
      "host",
      1,
    );
    const { location, refresh } = await through(parts, "emp-1", change);
    expect([location, refresh]).toEqual(["/#problem=oidc_failed", null]);
    expect(parts.world.trail().at(-1)).toMatchObject({ action: "sign-in-refused" });
  });

  test.each(["Duty Operator 2 has resigned", "OAUTH_TIMEOUT", "invalid_grant\nforged"])(
    "a refusal in words of one's own (%j) is recorded as another one, and keeps the provider from nobody [AUD-13]",
    async (words) => {
      const parts = await open();
      const said = await through(parts, "emp-1", {
        back: (url) => {
          url.searchParams.delete("code");
          url.searchParams.set("error", words);
        },
      });
      expect(said.location).toBe("/#problem=oidc_failed");
      const refused = parts.world.trail().at(-1);
      expect(refused).toMatchObject({ action: "sign-in-refused" });
      expect(JSON.parse(refused?.detail ?? "")).toMatchObject({ why: "other" });
      expect((await get(parts.world, "/auth/oidc/start")).status).toBe(302);
    },
  );

  test("what was begun in another browser, was completed already, or is too old, is over", async () => {
    const parts = await open();
    const { world, idp } = parts;
    const user = await parts.add("Duty Operator 2");
    await world.stores.sessions.linkSubject(idp.issuer, "emp-1", user.userId, "host", 1);
    const done = await through(parts, "emp-1");
    expect(done.location).toBe("/");
    expect((await get(world, done.url, done.begun)).location).toBe("/#problem=oidc_failed");
    const elsewhere = await get(world, "/auth/oidc/start");
    const mixed = await through(parts, "emp-1", { cookie: elsewhere.kept ?? "" });
    expect(mixed.location).toBe("/#problem=oidc_failed");
    const start = await get(world, "/auth/oidc/start");
    const back = new URL(await idp.signIn(start.location, "emp-1", REDIRECT));
    world.now += API_LIMITS.oidcSignInMs;
    const late = await get(world, `${back.pathname}${back.search}`, start.kept ?? "");
    expect(late.location).toBe("/#problem=oidc_failed");
  });

  test("a person who was removed is not let in by their link", async () => {
    const parts = await open();
    const user = await parts.add("Duty Operator 2");
    await parts.world.stores.sessions.linkSubject(
      parts.idp.issuer,
      "emp-1",
      user.userId,
      "host",
      1,
    );
    const Sqlite = (await import("better-sqlite3")).default;
    const file = new Sqlite(parts.world.path);
    file.pragma("foreign_keys = on");
    file.prepare("delete from app_user where user_id = ?").run(user.userId);
    file
      .prepare(
        "update store_meta set int_value = int_value + 1 where meta_key = 'identity_version'",
      )
      .run();
    file.close();
    await parts.world.directory.refresh();
    expect((await through(parts, "emp-1")).location).toBe("/#problem=oidc_unknown_user");
  });

  test("a provider that is away keeps nothing else away, is left alone for a moment, and is found again", async () => {
    const { world, idp } = await open();
    const start = () => get(world, "/auth/oidc/start");
    await idp.close();
    expect((await start()).location).toBe("/#problem=oidc_unavailable");
    const begun = performance.now();
    expect((await start()).location).toBe("/#problem=oidc_unavailable");
    expect(performance.now() - begun).toBeLessThan(200);
    // Whoever has a link or a password gets in meanwhile.
    await world.signIn();
    await idp.reopen();
    expect((await start()).location).toBe("/#problem=oidc_unavailable");
    world.now += API_LIMITS.oidcBreakerMs;
    expect((await start()).location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/auth\?/);
  });
});
