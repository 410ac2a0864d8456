import { createECDH } from "node:crypto";
import type { ReceiverStore } from "@batchwatch/engine";
import type { Seal } from "../auth/seal.ts";
import { API_LIMITS } from "../options.ts";
import { isPushSubject } from "../setting-values.ts";
import { webPush } from "./late-libraries.ts";

const NAME = "vapid";
/** Push services other than Apple's take it; it says that nobody can be reached. */
const NOBODY = "mailto:batchwatch@localhost";

interface Keys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * How push services know this Batchwatch (VAPID, RFC 8292). The pair of keys is made once and kept sealed in the store:
 * another pair would end every subscription there is.
 */
export class Vapid {
  /** Base64url, uncompressed P-256 point: what browsers subscribe with. */
  readonly publicKey: string;
  /** Why Apple's devices cannot be woken, and what to set; null when they can. */
  readonly subjectMissing: string | null;
  readonly #subject: string;
  readonly #privateKey: string;
  readonly #tokens = new Map<string, { readonly header: string; readonly until: number }>();

  constructor(keys: Keys, subject: string | null) {
    this.publicKey = keys.publicKey;
    this.#privateKey = keys.privateKey;
    this.#subject = subject ?? NOBODY;
    this.subjectMissing =
      subject === null
        ? "Apple's push service wants a contact: set BATCHWATCH_PUSH_SUBJECT to mailto:somebody@your-domain, or BATCHWATCH_PUBLIC_URL to the https address of Batchwatch"
        : null;
  }

  /** Why this push service would refuse us, in words; null when nothing is known against it. */
  troubleWith(endpoint: URL): string | null {
    return endpoint.hostname.endsWith(".push.apple.com") ? this.subjectMissing : null;
  }

  /** The Authorization header for a push service. */
  authorization(endpoint: URL, now: number): string {
    const known = this.#tokens.get(endpoint.origin);
    if (known !== undefined && now < known.until) return known.header;
    const { Authorization: header } = webPush().getVapidHeaders(
      endpoint.origin,
      this.#subject,
      this.publicKey,
      this.#privateKey,
      "aes128gcm",
      Math.floor((now + API_LIMITS.vapidTokenMs) / 1_000),
    );
    if (this.#tokens.size >= API_LIMITS.vapidTokensKept) this.#tokens.clear();
    this.#tokens.set(endpoint.origin, { header, until: now + API_LIMITS.vapidTokenMs / 2 });
    return header;
  }
}

/** The keys of this store, made when it has none. Fails with `SealError` when they were sealed with another key. */
export async function openVapid(options: {
  readonly receivers: Pick<ReceiverStore, "secret">;
  readonly seal: Seal;
  /** As `pushSubjectOf` found it. */
  readonly subject: string | null;
}): Promise<Vapid> {
  const { receivers, seal, subject } = options;
  const made = seal.seal(NAME, JSON.stringify(newKeys()));
  const sealed = await receivers.secret(NAME, made);
  return new Vapid(JSON.parse(seal.open(NAME, sealed)) as Keys, subject);
}

/** A pair of P-256, as RFC 8292 has it. */
function newKeys(): Keys {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys("base64url");
  // Leading zeros are part of the key and not of the number.
  const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
  return { publicKey, privateKey: privateKey.toString("base64url") };
}

/** The contact that push services are given: the setting, else the public address where others can reach it; null: none. */
export function pushSubjectOf(settings: {
  readonly pushSubject: string | null;
  readonly publicUrl: string | null;
}): string | null {
  const { pushSubject, publicUrl } = settings;
  if (pushSubject !== null) return pushSubject;
  return publicUrl !== null && isPushSubject(publicUrl) ? publicUrl : null;
}
