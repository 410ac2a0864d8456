import { PrivateAddressError } from "./public-address.ts";

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name cannot be resolved",
  EAI_AGAIN: "its name cannot be resolved for now",
  ECONNREFUSED: "it refuses connections",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "it cannot be reached",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "it cannot be reached",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed and not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is of an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is of an authority that is not trusted",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is another host's",
};

/** Why a call failed, for people: the host and the reason, nothing of the address behind it. */
export function failureWords(host: string, error: unknown): string {
  const code = codeOf(error);
  if (code !== null) return `${host}: ${WORDS[code] ?? "the call failed"} (${code})`;
  const message = error instanceof Error ? error.message : "the call failed";
  return `${host}: ${message.slice(0, 100)}`;
}

/** Of several attempts (one for each address of a name) the first tells enough. */
function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code: unknown = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

/** Our look-up has a class for it, the agent says so in words only. */
export function isGuardsRefusal(error: unknown): boolean {
  if (error instanceof PrivateAddressError) return true;
  return error instanceof Error && /^DNS lookup .* is not allowed\./.test(error.message);
}
