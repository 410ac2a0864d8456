import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** The keys that a browser subscribes with, and how it reads what comes (RFC 8188, RFC 8291): the receiving side of tests. */
export class TestBrowser {
  readonly p256dh: string;
  readonly auth: string;
  readonly #curve = createECDH("prime256v1");
  readonly #secret = randomBytes(16);

  constructor() {
    this.p256dh = this.#curve.generateKeys().toString("base64url");
    this.auth = this.#secret.toString("base64url");
  }

  /** The plain text of one aes128gcm body of one record; fails when it was not meant for this browser. */
  read(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const keyLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + keyLength);
    const record = body.subarray(21 + keyLength);
    const own = this.#curve.getPublicKey();
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), own, sender]);
    const shared = this.#curve.computeSecret(sender);
    const material = Buffer.from(hkdfSync("sha256", shared, this.#secret, info, 32));
    const derived = (use: string, length: number) =>
      Buffer.from(hkdfSync("sha256", material, salt, `Content-Encoding: ${use}\0`, length));
    const cipher = createDecipheriv("aes-128-gcm", derived("aes128gcm", 16), derived("nonce", 12));
    cipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    // 2 ends the last record; zeros behind it are padding.
    return padded.subarray(0, padded.lastIndexOf(2)).toString("utf8");
  }
}
