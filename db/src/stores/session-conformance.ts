import { LIMITS, type PairedDevice, type StoredSession, type Stores } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";

export interface SessionStores extends Pick<Stores, "sessions" | "identity" | "receivers"> {
  /** The audit trail as `action subjectId`, oldest first, and each fact's actor and detail. */
  trail(): Promise<readonly TrailLine[]>;
}

export interface TrailLine {
  readonly line: string;
  readonly actorId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const HOUR = 3_600_000;
const GRACE = LIMITS.refreshGraceMs;

/** Every store of sessions keeps to this. */
export function sessionConformance(name: string, open: () => Promise<SessionStores>): void {
  async function setUp() {
    const stores = await open();
    const user = await stores.identity.addUser("Duty Operator", "on-call", [], 1);
    const other = await stores.identity.addUser("Second Operator", "on-call", [], 1);
    const begin = (sessionId: string, given: Partial<StoredSession> = {}) =>
      stores.sessions.add(session(sessionId, { userId: user.userId, ...given }), `${sessionId}-1`, {
        at: given.createdAt ?? 1_000,
        method: given.method ?? "code",
      });
    const lines = async () => (await stores.trail()).map(({ line }) => line);
    const ids = async (now: number) =>
      (await stores.sessions.all(now)).map(({ sessionId }) => sessionId);
    return { ...stores, user, other, begin, lines, ids };
  }

  describe(`sessions in ${name}`, () => {
    test("one reads back as it began, is audited as a sign-in, and ends by itself", async () => {
      const { sessions, begin, user, trail, identity } = await setUp();
      const before = await identity.version();
      await begin("s1", { method: "password" });
      expect(await sessions.all(1_000)).toEqual([
        session("s1", { userId: user.userId, method: "password" }),
      ]);
      expect(await identity.version()).toBeGreaterThan(before);
      expect(await sessions.all(1_000 + 12 * HOUR)).toEqual([]);
      expect((await trail()).at(-1)).toEqual({
        line: "sign-in s1",
        actorId: user.userId,
        detail: { method: "password", label: "Firefox on Linux" },
      });
    });

    test("the good refresh token is replaced, again and again, and nobody's directory is troubled", async () => {
      const { sessions, begin, ids, identity } = await setUp();
      await begin("s1");
      const version = await identity.version();
      for (let place = 1; place < 5; place += 1) {
        const rotated = await sessions.rotate(`s1-${place}`, `s1-${place + 1}`, place * HOUR);
        expect(rotated).toMatchObject({
          outcome: "next",
          session: { sessionId: "s1", lastUsedAt: place * HOUR },
        });
      }
      expect(await ids(5 * HOUR)).toEqual(["s1"]);
      expect(await identity.version()).toBe(version);
    });

    test("the one before it is forgiven for the grace and changes nothing; then it ends the family", async () => {
      const { sessions, begin, ids, trail } = await setUp();
      await begin("s1");
      await sessions.rotate("s1-1", "s1-2", 2_000);
      expect(await sessions.rotate("s1-1", "x", 2_000 + GRACE)).toMatchObject({ outcome: "again" });
      expect(await sessions.rotate("s1-2", "s1-3", 3_000 + GRACE)).toMatchObject({
        outcome: "next",
      });
      expect(await sessions.rotate("s1-2", "y", 3_000 + 2 * GRACE + 1)).toMatchObject({
        outcome: "reused",
        session: { sessionId: "s1" },
      });
      expect(await ids(4_000 + 2 * GRACE)).toEqual([]);
      const [reused, ended] = (await trail()).slice(-2);
      expect(reused).toMatchObject({ line: "refresh-reused s1", actorId: "service" });
      expect(ended).toMatchObject({ line: "session-ended s1", detail: { why: "reuse" } });
    });

    test("one older than the one before ends the family at once, and then the good one is nobody's", async () => {
      const { sessions, begin } = await setUp();
      await begin("s1");
      await sessions.rotate("s1-1", "s1-2", 2_000);
      await sessions.rotate("s1-2", "s1-3", 2_001);
      expect(await sessions.rotate("s1-1", "x", 2_002)).toMatchObject({ outcome: "reused" });
      for (const hash of ["s1-1", "s1-2", "s1-3", "never"]) {
        expect(await sessions.rotate(hash, "z", 2_003)).toEqual({ outcome: "gone", session: null });
      }
    });

    test("of two that present the good one at the same moment one gets the next", async () => {
      const { sessions, begin } = await setUp();
      await begin("s1");
      const both = await Promise.all([
        sessions.rotate("s1-1", "s1-2", 2_000),
        sessions.rotate("s1-1", "s1-2b", 2_000),
      ]);
      expect(both.map(({ outcome }) => outcome).sort()).toEqual(["again", "next"]);
    });

    test("expired and ended ones are gone", async () => {
      const { sessions, begin, user, lines } = await setUp();
      await begin("s1");
      expect(await sessions.end("s1", "sign-out", user.userId, 2_000)).toBe(true);
      expect(await sessions.end("s1", "sign-out", user.userId, 2_001)).toBe(false);
      expect((await sessions.rotate("s1-1", "x", 2_002)).outcome).toBe("gone");
      await begin("s2");
      expect((await sessions.rotate("s2-1", "x", 1_000 + 12 * HOUR)).outcome).toBe("gone");
      expect(await lines()).toEqual(["sign-in s1", "sign-out s1", "sign-in s2"]);
    });

    test("all of a user's end but one, nobody else's", async () => {
      const { sessions, begin, user, other, ids, lines } = await setUp();
      for (const id of ["s1", "s2", "s3"]) await begin(id);
      await begin("o1", { userId: other.userId });
      expect(await sessions.endAllOf(user.userId, "s2", "everywhere", user.userId, 2_000)).toBe(2);
      expect(await ids(2_001)).toEqual(["o1", "s2"]);
      expect((await lines()).slice(-2)).toEqual(["session-ended s1", "session-ended s3"]);
      expect(await sessions.endAllOf(user.userId, null, "everywhere", "host", 2_002)).toBe(1);
    });

    test("of more than a user may have the oldest end", async () => {
      const { begin, ids } = await setUp();
      const all = Array.from({ length: LIMITS.sessionsPerUser + 2 }, (_, index) => index);
      for (const at of all) await begin(`s${at}`, { createdAt: 1_000 + at });
      expect(new Set(await ids(2_000))).toEqual(new Set(all.slice(2).map((at) => `s${at}`)));
    });

    test("a device keeps its id when it is paired again, and belongs to who paired it", async () => {
      const { sessions, user, other, trail } = await setUp();
      expect(await sessions.pair(device("d1", user.userId))).toBe("d1");
      const again = device("d2", user.userId, { goodUntil: 9_000, label: "Phone" });
      expect(await sessions.pair(again)).toBe("d1");
      // The same browser, another person.
      expect(await sessions.pair(device("d3", other.userId))).toBe("d3");
      const [first, second] = await sessions.devices();
      expect(first).toEqual(device("d1", user.userId, { goodUntil: 9_000, label: "Phone" }));
      expect(second).toMatchObject({ deviceId: "d3", userId: other.userId });
      expect(await sessions.unpair("d1", other.userId, 5_000)).toBe(false);
      await sessions.deviceUsed("d1", 4_000);
      expect((await sessions.devices())[0]).toMatchObject({ lastUsedAt: 4_000 });
      expect(await sessions.unpair("d1", user.userId, 5_000)).toBe(true);
      // A label is whatever its owner wrote: it can be changed, the trail cannot.
      expect(JSON.stringify(await trail())).not.toContain("Phone");
      expect((await trail()).map(({ line }) => line)).toEqual([
        "device-paired d1",
        "device-paired d1",
        "device-paired d3",
        "sign-in d1",
        "device-removed d1",
      ]);
    });

    test("ending everything ends the paired device, and so does a new password", async () => {
      const { sessions, user } = await setUp();
      await sessions.pair(device("d1", user.userId));
      await sessions.endAllOf(user.userId, null, "everywhere", user.userId, 2_000);
      expect(await sessions.devices()).toEqual([]);
      await sessions.pair(device("d1", user.userId));
      await sessions.endAllOf(user.userId, null, "password", user.userId, 2_000);
      expect(await sessions.devices()).toEqual([]);
    });

    /** A session with a device that was paired and a browser that is woken since it. */
    async function withBelongings() {
      const set = await setUp();
      const { sessions, receivers, begin } = set;
      const { userId } = set.user;
      for (const id of ["s1", "s2"]) {
        await begin(id);
        await sessions.pair(device(`d-${id}`, userId, { publicKey: id }), id);
        await receivers.subscribe(browser(id, userId));
      }
      await begin("o1", { userId: set.other.userId });
      await sessions.pair(device("d-o1", set.other.userId), "o1");
      await receivers.subscribe(browser("o1", set.other.userId));
      const left = async () => ({
        devices: (await sessions.devices()).map(({ deviceId }) => deviceId.slice(2)).sort(),
        woken: (await receivers.subscriptions()).map(({ endpoint }) => endpoint.slice(-2)).sort(),
      });
      const withdrawn = async () =>
        (await set.trail())
          .filter(({ line }) => line.startsWith("push-consent-withdrawn"))
          .map(({ actorId, detail }) => [actorId, detail]);
      return { ...set, left, withdrawn, userId };
    }

    test("with a session that its owner ends goes what began in it, and nothing else", async () => {
      const { sessions, identity, left, withdrawn, userId } = await withBelongings();
      const version = await identity.version();
      await sessions.end("s1", "removed", userId, 2_000);
      expect(await left()).toEqual({ devices: ["o1", "s2"], woken: ["o1", "s2"] });
      expect(await withdrawn()).toEqual([[userId, { why: "removed" }]]);
      expect(await identity.version()).toBeGreaterThan(version);
    });

    test("whoever signs out is woken there no more, and answers nothing there", async () => {
      const { sessions, left, withdrawn, userId } = await withBelongings();
      await sessions.end("s1", "sign-out", userId, 2_000);
      expect(await left()).toEqual({ devices: ["o1", "s2"], woken: ["o1", "s2"] });
      expect(await withdrawn()).toEqual([[userId, { why: "sign-out" }]]);
    });

    test("whoever signs out is not woken there either if that began in an earlier session", async () => {
      const { sessions, receivers, left, userId } = await withBelongings();
      const others = browser("o1", userId).endpoint;
      await sessions.end("s2", "sign-out", userId, 2_000, browser("s1", userId).endpoint);
      expect((await left()).woken).toEqual(["o1"]);
      await receivers.subscribe(browser("s1", userId));
      // Another person's is not theirs to end.
      await sessions.end("s1", "sign-out", userId, 2_000, others);
      expect((await left()).woken).toEqual(["o1"]);
    });

    test("a session that ends by its time leaves the device that answers and the browser that is woken", async () => {
      const { begin, ids, left } = await withBelongings();
      const later = 1_000_000_000;
      // A sign-in clears away the sessions whose time is over.
      await begin("s3", { createdAt: later, expiresAt: later + 1 });
      expect(await ids(later)).toEqual(["s3"]);
      expect(await left()).toEqual({ devices: ["o1", "s1", "s2"], woken: ["o1", "s1", "s2"] });
    });

    test("a new password leaves only the browser in which it was set to be woken", async () => {
      const { sessions, left, withdrawn, userId } = await withBelongings();
      await sessions.endAllOf(userId, "s2", "password", userId, 2_000);
      expect(await left()).toEqual({ devices: ["o1"], woken: ["o1", "s2"] });
      expect(await withdrawn()).toEqual([[userId, { why: "password" }]]);
    });

    test("a browser that is told of again belongs to the session in which that was done last", async () => {
      const { sessions, receivers, begin, left, userId } = await withBelongings();
      await begin("s3");
      await receivers.subscribe({ ...browser("s1", userId), sessionId: "s3" });
      await sessions.end("s1", "removed", userId, 2_000);
      expect((await left()).woken).toEqual(["o1", "s1", "s2"]);
      await sessions.endAllOf(userId, "s3", "password", userId, 2_001);
      expect((await left()).woken).toEqual(["o1", "s1"]);
      await sessions.end("s3", "removed", userId, 2_002);
      expect((await left()).woken).toEqual(["o1"]);
    });

    test("ending everything ends the waking, too, and says so", async () => {
      const { sessions, left, withdrawn, userId } = await withBelongings();
      await sessions.endAllOf(userId, null, "everywhere", "host", 2_000);
      expect(await left()).toEqual({ devices: ["o1"], woken: ["o1"] });
      const detail = { why: "everywhere", userId };
      expect(await withdrawn()).toEqual([
        ["host", detail],
        ["host", detail],
      ]);
    });

    test("an older refresh token takes with it what its session began, and nobody knows where, but no other browser", async () => {
      const { sessions, receivers, left, withdrawn, userId } = await withBelongings();
      // As they are from before their session was kept.
      await sessions.pair(device("d-??", userId, { publicKey: "unknown" }));
      const { sessionId: _, ...unknown } = browser("??", userId);
      await receivers.subscribe(unknown);
      await sessions.rotate("s1-1", "s1-2", 2_000);
      await sessions.rotate("s1-2", "s1-3", 2_001);
      expect((await sessions.rotate("s1-1", "x", 2_002)).outcome).toBe("reused");
      expect(await left()).toEqual({ devices: ["o1", "s2"], woken: ["o1", "s2"] });
      const detail = { why: "reuse", userId };
      expect(await withdrawn()).toEqual([
        ["service", detail],
        ["service", detail],
      ]);
    });

    test("a session that has to make room takes nothing with it", async () => {
      const { begin, ids, left } = await withBelongings();
      for (let at = 0; at < LIMITS.sessionsPerUser; at += 1) {
        await begin(`n${at}`, { createdAt: 2_000 + at });
      }
      expect(await ids(3_000)).not.toContain("s1");
      expect((await left()).woken).toContain("s1");
    });

    test("devices are bounded: the ones paired first go", async () => {
      const { sessions, user } = await setUp();
      for (let at = 0; at < LIMITS.devicesPerUser + 2; at += 1) {
        const publicKey = `key ${at}`;
        await sessions.pair(device(`d${at}`, user.userId, { publicKey, pairedAt: at }));
      }
      const kept = await sessions.devices();
      expect(kept).toHaveLength(LIMITS.devicesPerUser);
      expect(kept[0]?.deviceId).toBe("d2");
    });

    test("a password is set, replaced, found by name, and never in the trail", async () => {
      const { sessions, user, trail } = await setUp();
      expect(await sessions.passwordOf("nobody")).toBeNull();
      expect(await sessions.passwordOf("Duty Operator")).toEqual({
        userId: user.userId,
        hash: null,
      });
      await sessions.setPassword(user.userId, "$argon2id$one", user.userId, 1);
      await sessions.setPassword(user.userId, "$argon2id$two", "host", 2);
      expect((await sessions.passwordOf("Duty Operator"))?.hash).toBe("$argon2id$two");
      await expect(sessions.setPassword("nobody", "x", "host", 3)).rejects.toMatchObject({
        code: "not_found",
      });
      expect(await trail()).toEqual([
        { line: `password-set ${user.userId}`, actorId: user.userId, detail: {} },
        { line: `password-set ${user.userId}`, actorId: "host", detail: {} },
      ]);
    });

    test("a claim links an account once, and only one that nobody has got into", async () => {
      const { sessions, begin, user, other } = await setUp();
      const [issuer, elsewhere] = ["https://id.example", "https://other.example"];
      const claim = (subject: string, userId: string, from = issuer) =>
        sessions.linkSubject(from, subject, userId, "service", 5);
      expect(await claim("a", user.userId)).toBe(true);
      expect(await claim("a", user.userId)).toBe(true);
      expect(await sessions.userOfSubject(issuer, "a")).toBe(user.userId);
      expect(await sessions.userOfSubject(elsewhere, "a")).toBeNull();
      // Another subject claims the same account; another account is claimed by the same subject.
      expect(await claim("b", user.userId)).toBe(false);
      await expect(claim("a", other.userId)).rejects.toMatchObject({ code: "name_taken" });
      await sessions.setPassword(other.userId, "x", "host", 1);
      expect(await claim("c", other.userId)).toBe(false);
      await begin("s1");
      expect(await claim("d", user.userId, elsewhere)).toBe(false);
      expect(await sessions.userOfSubject(issuer, "b")).toBeNull();
    });

    test("the host links in place of what there was", async () => {
      const { sessions, begin, user } = await setUp();
      await begin("s1");
      await sessions.linkSubject("i", "a", user.userId, "host", 1);
      await sessions.linkSubject("i", "b", user.userId, "host", 2);
      expect(await sessions.userOfSubject("i", "a")).toBeNull();
      expect(await sessions.userOfSubject("i", "b")).toBe(user.userId);
    });
  });
}

function session(sessionId: string, given: Partial<StoredSession> = {}): StoredSession {
  const createdAt = given.createdAt ?? 1_000;
  return {
    sessionId,
    userId: "u1",
    createdAt,
    lastUsedAt: createdAt,
    expiresAt: createdAt + 12 * HOUR,
    label: "Firefox on Linux",
    method: "code",
    ...given,
  };
}

function browser(sessionId: string, userId: string) {
  return {
    userId,
    sessionId,
    endpoint: `https://push.example/${sessionId}`,
    p256dh: "key",
    auth: "secret",
    label: "Chrome on Android",
    isPrivate: false,
    createdAt: 1_000,
    consentWords: "1",
  } as const;
}

function device(deviceId: string, userId: string, given: Partial<PairedDevice> = {}): PairedDevice {
  return {
    deviceId,
    userId,
    publicKey: "key",
    label: "Chrome on Android",
    pairedAt: 1_000,
    lastUsedAt: null,
    goodUntil: 8_000,
    ...given,
  };
}
