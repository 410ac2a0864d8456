import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const FORM = "bw1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** What is sealed cannot be opened. The message is for people and holds nothing of the content. */
export class SealError extends Error {
  /** `other_key`: sealed with another key than those here. `seal_broken`: changed, or sealed for another purpose. */
  readonly code: "other_key" | "seal_broken";
  constructor(code: SealError["code"], message: string) {
    super(message);
    this.name = "SealError";
    this.code = code;
  }
}

/** Which key a sealed text was sealed with, as the text says; null: it is no sealed text. */
export function keyIdOf(sealed: string): string | null {
  const [form, keyId, ...rest] = sealed.split(".");
  return form === FORM && keyId !== undefined && rest.length === 2 ? keyId : null;
}

/**
 * One key, and what is made with it. A sealed text is `bw1.<key id>.<nonce>.<content and tag>` under AES-256-GCM. Form, key id and
 * purpose are authenticated with it, so that no sealed text can be put in the place of another.
 */
export class SealKey {
  /** Names the key and tells nothing of it: eight hex digits. */
  readonly keyId: string;
  readonly #material: Buffer;
  readonly #key: Buffer;
  /** Keys of other uses, which are few and named in the program: each is made once. */
  readonly #derived = new Map<string, Buffer>();

  /** @param material secret bytes with at least 256 bits that nobody can guess */
  constructor(material: Buffer) {
    this.#material = Buffer.from(material);
    this.#key = this.derive("seal");
    this.keyId = this.derive("key id").toString("hex").slice(0, 8);
  }

  seal(purpose: string, clear: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(bound(this.keyId, purpose));
    const content = Buffer.concat([cipher.update(clear, "utf8"), cipher.final()]);
    const body = Buffer.concat([content, cipher.getAuthTag()]);
    return [FORM, this.keyId, nonce.toString("base64url"), body.toString("base64url")].join(".");
  }

  /** Fails with {@link SealError} `seal_broken`. */
  open(purpose: string, sealed: string): string {
    const [form, keyId, nonce = "", content = "", ...more] = sealed.split(".");
    if (form !== FORM || keyId !== this.keyId || more.length > 0) throw broken(purpose);
    const body = Buffer.from(content, "base64url");
    const iv = Buffer.from(nonce, "base64url");
    // One text, one meaning: nothing that base64 would overlook.
    const exact = body.toString("base64url") === content && iv.toString("base64url") === nonce;
    if (!exact || iv.length !== NONCE_BYTES || body.length < TAG_BYTES) throw broken(purpose);
    const decipher = createDecipheriv("aes-256-gcm", this.#key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound(keyId, purpose));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    try {
      const clear = [decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(clear).toString("utf8");
    } catch {
      throw broken(purpose);
    }
  }

  /** A key of its own for another use, 32 bytes (HKDF-SHA256, RFC 5869). */
  derive(use: string): Buffer {
    const made =
      this.#derived.get(use) ??
      Buffer.from(hkdfSync("sha256", this.#material, "batchwatch", use, KEY_BYTES));
    this.#derived.set(use, made);
    return made;
  }
}

function bound(keyId: string, purpose: string): Buffer {
  return Buffer.from(`${FORM}.${keyId}.${purpose}`, "utf8");
}

export function broken(purpose: string): SealError {
  return new SealError(
    "seal_broken",
    `The secret "${purpose}" cannot be opened: it was changed, or sealed for another purpose.`,
  );
}
