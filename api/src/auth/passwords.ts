import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { API_LIMITS } from "../options.ts";
import { HashSlots } from "./hash-slots.ts";

/** argon2id (RFC 9106), version 1.3; the library's enumerations have no values at run time. */
const ARGON2ID = 2;
const VERSION_13 = 1;

const PARAMETERS = {
  algorithm: ARGON2ID,
  version: VERSION_13,
  memoryCost: API_LIMITS.hashMemoryKib,
  timeCost: API_LIMITS.hashPasses,
  parallelism: 1,
} as const;

/** Hashes and checks passwords, few at once: each takes a core for about 30 ms. Fails with `BusyError` when too many wait. */
export class Passwords {
  readonly #slots = new HashSlots(API_LIMITS.hashesAtOnce, API_LIMITS.hashesWaiting);
  #nobodys: Promise<string> | null = null;

  /** In PHC form. */
  hash(password: string): Promise<string> {
    return this.#slots.run(() => hash(normal(password), PARAMETERS));
  }

  /**
   * Whether it is the password. Null stands for an account that is not there or has none: it takes as long as any other, and the
   * answer is no.
   */
  async check(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.#ofNobody());
    const right = await this.#slots.run(() => verify(against, normal(password)));
    return stored !== null && right;
  }

  /** The hash of a password that nobody has; made once, like any other. */
  #ofNobody(): Promise<string> {
    this.#nobodys ??= hash(randomBytes(32).toString("base64url"), PARAMETERS);
    return this.#nobodys;
  }

  /** Makes ready what the first unknown name would wait for. */
  async prepare(): Promise<void> {
    await this.#ofNobody();
  }
}

/** Keyboards differ in how they write one letter (NIST SP 800-63B §3.1.1.2). */
function normal(password: string): string {
  return password.normalize("NFKC");
}
