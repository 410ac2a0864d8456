import { LIMITS } from "./limits.ts";

export type LinkState = "connecting" | "open" | "lost";

/** What is known about the connection; times are epoch milliseconds of one clock. */
export interface ConnectionFacts {
  readonly online: boolean;
  readonly link: LinkState;
  /** The socket came back and nothing has arrived through it yet. */
  readonly catchingUp: boolean;
  /** Snapshots over HTTP stand in for the socket. */
  readonly polling: boolean;
  /** When the last item or snapshot arrived; null before the first. */
  readonly receivedAt: number | null;
  /** Why the last fetch of the board failed, `NETWORK` when nobody answered; null since one succeeded or the socket opened. */
  readonly errorCode: string | null;
}

export type ConnectionStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "live"; readonly ageMs: number }
  | { readonly kind: "catching-up" }
  | { readonly kind: "reconnecting"; readonly asOf: number }
  | { readonly kind: "offline"; readonly asOf: number | null };

/** Never `live` without an item or a snapshot within {@link LIMITS.liveAgeMs}. */
export function connectionStatus(facts: ConnectionFacts, now: number): ConnectionStatus {
  const { receivedAt } = facts;
  // Behind a captive portal, and after some reloads, the browser says that it is online.
  const isUnanswered = facts.errorCode === "NETWORK" && facts.link !== "open" && !facts.polling;
  if (!facts.online || isUnanswered) return { kind: "offline", asOf: receivedAt };
  if (receivedAt === null) return { kind: "connecting" };
  const ageMs = Math.max(0, now - receivedAt);
  if (facts.link === "open" && facts.catchingUp) return { kind: "catching-up" };
  if (ageMs > LIMITS.liveAgeMs) return { kind: "reconnecting", asOf: receivedAt };
  if (facts.link === "open" || facts.polling) return { kind: "live", ageMs };
  if (facts.link === "connecting") return { kind: "catching-up" };
  return { kind: "reconnecting", asOf: receivedAt };
}
