import type { User } from "@batchwatch/engine";
import type { AccessTokens } from "./access-token.ts";
import type { Directory } from "./directory.ts";
import { hashSecret, looksLikeToken } from "./secrets.ts";

/** Who calls, and by what; whether that still counts, {@link Callers.isGood} tells. */
export interface Caller {
  readonly user: User;
  readonly by: "program" | "session" | "device";
  /** A program's token's hash, the session's or the device's id. */
  readonly id: string;
  /** When the token it came with ends, epoch ms. */
  readonly expiresAt: number;
}

/** Finds out who calls by the token that they send, over HTTP and over a socket alike. */
export class Callers {
  readonly #directory: Directory;
  readonly #tokens: Pick<AccessTokens, "read">;
  readonly #onHeard: (sessionId: string, tokenId: string) => void;

  /** @param onHeard a token that this session was given has come back: its answer has arrived */
  constructor(
    directory: Directory,
    tokens: Pick<AccessTokens, "read">,
    onHeard: (sessionId: string, tokenId: string) => void,
  ) {
    this.#directory = directory;
    this.#tokens = tokens;
    this.#onHeard = onHeard;
  }

  /** Null: nobody that may call. A program's token and an access token differ in form, so neither is tried as the other. */
  async byToken(token: string, now: number): Promise<Caller | null> {
    const caller = looksLikeToken(token)
      ? this.#program(hashSecret(token), now)
      : await this.#person(token, now);
    return caller !== null && this.#stands(caller, now) ? caller : null;
  }

  /**
   * Whether the caller may go on: their token has not expired nor been revoked, session or device is good, and the user is who they
   * were. A role or team that changed ends what was opened under the old one.
   * @param toleranceMs what the token's end is forgiven; a socket's is not, an HTTP call's is
   */
  isGood(caller: Caller, now: number, toleranceMs = 0): boolean {
    return caller.expiresAt + toleranceMs > now && this.#stands(caller, now);
  }

  #stands({ user, by, id }: Caller, now: number): boolean {
    if (this.#ownerOf(by, id, now) !== user.userId) return false;
    return JSON.stringify(this.#directory.userById(user.userId)) === JSON.stringify(user);
  }

  #ownerOf(by: Caller["by"], id: string, now: number): string | null {
    if (by === "program") return this.#directory.token(id, now)?.userId ?? null;
    if (by === "session") return this.#directory.session(id, now)?.userId ?? null;
    return this.#directory.device(id, now)?.userId ?? null;
  }

  #program(tokenHash: string, now: number): Caller | null {
    const stored = this.#directory.token(tokenHash, now);
    const user = stored === null ? null : this.#directory.userById(stored.userId);
    if (stored === null || user === null) return null;
    return { user, by: "program", id: tokenHash, expiresAt: stored.expiresAt };
  }

  async #person(token: string, now: number): Promise<Caller | null> {
    const claims = await this.#tokens.read(token, now);
    const user = claims === null ? null : this.#directory.userById(claims.userId);
    if (claims === null || user === null) return null;
    if (claims.of === "session") this.#onHeard(claims.id, claims.tokenId);
    return { user, by: claims.of, id: claims.id, expiresAt: claims.expiresAt };
  }
}
