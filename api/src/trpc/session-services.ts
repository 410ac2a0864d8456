import { randomUUID } from "node:crypto";
import type { PairedDevice, SessionStore, StoredSession, User } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { canonicalDeviceKey } from "../auth/device-key.ts";
import { passwordWeakness } from "../auth/password-rules.ts";
import type { Passwords } from "../auth/passwords.ts";
import type { SignInLimiter } from "../auth/sign-in-limiter.ts";
import type { CallerSession, MeServices } from "./trust-services.ts";

export interface SessionServiceParts {
  readonly store: SessionStore;
  readonly passwords: Passwords;
  readonly limiter: SignInLimiter;
  /** A session that is good; null: it is over. */
  readonly session: (sessionId: string) => StoredSession | null;
  /** Looks at the store again, so that what has ended counts at once. */
  readonly changed: () => Promise<void>;
  readonly now: () => number;
}

export type SessionServices = Pick<
  MeServices,
  | "sessions"
  | "endSession"
  | "signOutEverywhere"
  | "setPassword"
  | "hasPassword"
  | "devices"
  | "pairDevice"
  | "unpairDevice"
>;

/** Refused with a stable code; the message begins with the field. */
class OwnAccountError extends Error {
  readonly code:
    | "weak_password"
    | "wrong_password"
    | "too_many_attempts"
    | "no_session"
    | "sign_in_again"
    | "bad_key";
  constructor(code: OwnAccountError["code"], message: string) {
    super(message);
    this.name = "OwnAccountError";
    this.code = code;
  }
}

/** Everybody's own sessions, password and paired devices. */
export function makeSessionServices(parts: SessionServiceParts): SessionServices {
  const { store, changed, now } = parts;
  const sessionsOf = async ({ userId }: User) =>
    (await store.all(now())).filter((one) => one.userId === userId);
  return {
    async sessions(user, session) {
      const own = await sessionsOf(user);
      return own
        .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt)
        .map((one) => ({
          sessionId: one.sessionId,
          label: one.label,
          method: one.method,
          createdAt: iso(one.createdAt),
          lastUsedAt: iso(one.lastUsedAt),
          expiresAt: iso(one.expiresAt),
          isThis: one.sessionId === session?.sessionId,
        }));
    },
    async endSession(user, sessionId) {
      if (!(await sessionsOf(user)).some((one) => one.sessionId === sessionId)) return false;
      const ended = await store.end(sessionId, "removed", user.userId, now());
      await changed();
      return ended;
    },
    async signOutEverywhere(user) {
      const ended = await store.endAllOf(user.userId, null, "everywhere", user.userId, now());
      await changed();
      return ended;
    },
    setPassword: (user, session, password, current) =>
      setPassword(parts, user, session, password, current),
    async hasPassword(user) {
      return ((await store.passwordOf(user.name))?.hash ?? null) !== null;
    },
    async devices({ userId }) {
      const all = await store.devices();
      return all.filter((one) => one.userId === userId).map(withoutKey);
    },
    pairDevice: (user, session, device) => pairDevice(parts, user, session, device),
    async unpairDevice({ userId }, deviceId) {
      const removed = await store.unpair(deviceId, userId, now());
      await changed();
      return removed;
    },
  };
}

/** Only from a browser in which the person has signed in: a program's token, lost, must not become a way to sign in as them. */
async function setPassword(
  { store, passwords, limiter, session: sessionOf, changed, now }: SessionServiceParts,
  user: User,
  caller: CallerSession | null,
  password: string,
  current: string | null,
): Promise<void> {
  const session = caller === null ? null : sessionOf(caller.sessionId);
  if (session === null) {
    const message = "A password is set in a browser that is signed in.";
    throw new OwnAccountError("no_session", message);
  }
  const stored = (await store.passwordOf(user.name))?.hash ?? null;
  // There is no password to ask for: that somebody has just got in stands for it.
  if (stored === null && now() - session.createdAt > API_LIMITS.firstPasswordMs) {
    const minutes = API_LIMITS.firstPasswordMs / 60_000;
    const message = `password: a first one is set within ${minutes} min of signing in. Sign out and in again.`;
    throw new OwnAccountError("sign_in_again", message);
  }
  if (stored !== null) {
    // A session left open must not become a way to guess.
    const wait = await limiter.waitSeconds("own account", user.userId);
    if (wait > 0) {
      const message = `current: too many attempts; try again in ${wait} s.`;
      throw new OwnAccountError("too_many_attempts", message);
    }
    if (current === null || !(await passwords.check(stored, current))) {
      throw new OwnAccountError("wrong_password", "current: this is not your password.");
    }
    await limiter.succeeded("own account", user.userId);
  }
  const weakness = passwordWeakness(password, user.name);
  if (weakness !== null) throw new OwnAccountError("weak_password", weakness);
  const hash = await passwords.hash(password);
  await store.setPassword(user.userId, hash, user.userId, now());
  await store.endAllOf(user.userId, session.sessionId, "password", user.userId, now());
  await changed();
}

/** Only from a browser in which the person has signed in, and for a time that is counted from that sign-in: pairing again gives no more. */
async function pairDevice(
  { store, session: sessionOf, changed, now }: SessionServiceParts,
  { userId }: User,
  caller: CallerSession | null,
  { publicKey, label }: { readonly publicKey: string; readonly label: string },
): Promise<{ readonly deviceId: string; readonly goodUntil: string }> {
  const session = caller === null ? null : sessionOf(caller.sessionId);
  if (session === null) {
    throw new OwnAccountError("no_session", "A device is paired in a browser that is signed in.");
  }
  const key = canonicalDeviceKey(publicKey);
  if (key === null) {
    throw new OwnAccountError(
      "bad_key",
      "publicKey: it must be the public half of an ECDSA P-256 key, as JWK in JSON.",
    );
  }
  const device: PairedDevice = {
    deviceId: randomUUID(),
    userId,
    publicKey: key,
    label,
    pairedAt: now(),
    lastUsedAt: null,
    goodUntil: session.createdAt + API_LIMITS.pairedDeviceMs,
  };
  const deviceId = await store.pair(device, session.sessionId);
  await changed();
  return { deviceId, goodUntil: iso(device.goodUntil) };
}

function withoutKey({ publicKey: _key, ...device }: PairedDevice): Omit<PairedDevice, "publicKey"> {
  return device;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
