import { alone } from "./alone.ts";
import { listen, tell, tellHere } from "./channel.ts";
import { assertionOf } from "./device-key.ts";
import { deviceStore } from "./device-store.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import { claim } from "./owner.ts";

/**
 * Who may call the server. The access token lives in memory, of each page and of the service worker for itself; what
 * outlives them is a cookie that no script sees, and the key of a paired device.
 */
export type Access =
  | {
      readonly kind: "open";
      readonly token: string;
      /** By the device's key: it opens nothing but the incidents that were paged to its owner. */
      readonly isPagedOnly: boolean;
    }
  | { readonly kind: "signed-out" }
  /** No answer of this server, or one that says to come back: what is known stays as it is. */
  | { readonly kind: "later" };

type Open = Extract<Access, { kind: "open" }> & {
  /** Epoch milliseconds on this device's clock. */
  readonly renewAt: number;
  readonly endsAt: number;
};

let held: Open | null = null;
let signedOutUntil = 0;
let asking: Promise<Access> | null = null;
/** Raised when somebody signs in or out: what was asked before is another's. */
let life = 0;

// Another page signed in or out: what is held here is another's.
listen(({ type }) => {
  if (type === "owner") forgetAccess();
});

/** A token that is good for now: the one at hand, or a new one. One asks, also among several pages. */
export function access(): Promise<Access> {
  const now = Date.now();
  if (held !== null && now < held.renewAt) return Promise.resolve(held);
  if (now < signedOutUntil) return Promise.resolve({ kind: "signed-out" });
  if (asking !== null) return asking;
  const mine = life;
  const renewal = alone("batchwatch-session", () => renewed(mine)).finally(() => {
    if (asking === renewal) asking = null;
  });
  asking = renewal;
  return renewal;
}

/** The server does not take this token any more; the next call asks for another. */
export function dropAccess(token: string): void {
  if (held?.token === token) held = null;
}

export function forgetAccess(): void {
  life += 1;
  held = null;
  asking = null;
  signedOutUntil = 0;
}

/** Whether what is at hand came from the device's key. */
export function isPagedOnly(): boolean {
  return held?.isPagedOnly === true;
}

/** Takes over what signing in was answered; false when it is no such answer. */
export function acceptSignIn(answer: AuthAnswer): boolean {
  const given = openOf(answer, false);
  if (given === null) return false;
  forgetAccess();
  held = given;
  return true;
}

function openOf({ body, serverTime }: AuthAnswer, isPagedOnlyAccess: boolean): Open | null {
  const { accessToken, expiresAt } = body as {
    readonly accessToken?: unknown;
    readonly expiresAt?: string;
  };
  if (typeof accessToken !== "string") return null;
  // As a time to live: this device's clock may be wrong.
  const now = Date.now();
  const lifeMs = new Date(expiresAt ?? "").getTime() - serverTime;
  return {
    kind: "open",
    token: accessToken,
    isPagedOnly: isPagedOnlyAccess,
    renewAt: now + Math.max(lifeMs - LIMITS.renewBeforeMs, lifeMs / 2),
    endsAt: now + lifeMs,
  };
}

const LATER: Access = { kind: "later" };

async function renewed(mine: number): Promise<Access> {
  const answer = await postAuth("refresh", {});
  if (mine !== life) return LATER;
  const given = openOf(answer, false);
  if (given !== null) {
    held = given;
    return given;
  }
  if (answer.status !== 401 || codeOf(answer) === "") {
    return held !== null && Date.now() < held.endsAt ? held : LATER;
  }
  held = null;
  return byDevice(answer.serverTime, mine);
}

/** Signed out: what this device may do for its owner all the same. */
async function byDevice(serverTime: number, mine: number): Promise<Access> {
  const device = await deviceStore.get("device").catch(() => undefined);
  if (device !== undefined) {
    const answer = await postAuth("device", { assertion: await assertionOf(device, serverTime) });
    if (mine !== life) return LATER;
    const given = openOf(answer, true);
    if (given !== null) {
      held = given;
      await claim(deviceStore, device.userId);
      return given;
    }
    if (codeOf(answer) === "" || answer.status >= 429) return LATER;
    // Not paired any more, by whoever holds this device now: what was paged to its owner is no longer theirs to read.
    await deviceStore.remove("device", "cards").catch(() => {});
    tell({ type: "shown", notificationId: null });
    tellHere({ type: "shown", notificationId: null });
  }
  signedOutUntil = Date.now() + LIMITS.signedOutMs;
  return { kind: "signed-out" };
}

/** What `/auth/*` said. `status` 0: nothing. */
export interface AuthAnswer {
  readonly status: number;
  readonly body: object;
  /** When it said so on its own clock, epoch milliseconds. */
  readonly serverTime: number;
  readonly retryAfterMs: number | null;
}

/** Never rejects. */
export async function postAuth(name: string, body: object): Promise<AuthAnswer> {
  try {
    const response = await fetch(`/auth/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      cache: "no-store",
      keepalive: true,
      signal: AbortSignal.timeout(LIMITS.callTimeoutMs),
    });
    const { status, headers } = response;
    const seconds = Number(headers.get("retry-after") ?? "");
    return {
      status,
      body: (await response.json().catch(() => ({}))) as object,
      serverTime: Date.parse(headers.get("date") ?? "") || Date.now(),
      retryAfterMs: seconds > 0 ? seconds * 1_000 : null,
    };
  } catch {
    return { status: 0, body: {}, serverTime: Date.now(), retryAfterMs: null };
  }
}

/** The stable code of a refusal in this server's own form; empty for a captive portal's. */
export function codeOf({ body }: AuthAnswer): string {
  const { code } = body as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}

/** All that a paired device may do; the server holds to it as well. */
const PAGED_CALLS = /incidents\.(get|acknowledge|snooze|escalate|comment)|push\.receipt/;
const SIGNED_OUT = {
  error: { message: "Signed out.", code: -32_001, data: { code: "UNAUTHORIZED", httpStatus: 401 } },
};

export type AuthorizedInit = Omit<RequestInit, "headers"> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Calls the server with a good token; one that it does not take is renewed once. Signed out, the answer is the one that
 * the server would give.
 * @throws TypeError when there is neither a token nor an answer that says why
 */
export async function authorized(url: string, init: AuthorizedInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable no-await-in-loop -- twice at most
    const given = await access();
    if (given.kind === "later") throw new TypeError("no access token could be had");
    if (given.kind === "signed-out" || (given.isPagedOnly && !PAGED_CALLS.test(url))) {
      return Response.json(SIGNED_OUT, { status: 401 });
    }
    const headers = { ...init.headers, authorization: `Bearer ${given.token}` };
    const response = await fetch(url, { ...init, headers });
    if (response.status !== 401 || attempt === 2 || given.isPagedOnly) return response;
    dropAccess(given.token);
    // oxlint-enable no-await-in-loop
  }
}
