/** An address that may be called, as far as its text says. */
export interface Target {
  readonly url: URL;
  /** Named by the operator: it may be private, and without TLS. */
  readonly isNamed: boolean;
}

/** Why an address is not called, in words that do not repeat what is secret in it. */
export interface Refused {
  readonly refused: string;
}

/**
 * Reads the address of a receiver. What is left to judge when it is called is what its name resolves to.
 *
 * @param named hosts of the operator's choice, `host` or `host:port`, as the settings keep them
 */
export function targetOf(text: string, named: readonly string[]): Target | Refused {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { refused: "it must be an address such as https://hooks.bank.example/batchwatch" };
  }
  const { hostname } = url;
  if (url.username !== "" || url.password !== "") {
    return { refused: "it must not hold a user or a password" };
  }
  if (hostname.endsWith(".")) return { refused: "its host must not end with a dot" };
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  const isNamed = named.includes(hostname) || named.includes(`${hostname}:${port}`);
  if (url.protocol === "http:" && !isNamed) {
    return { refused: `${url.host} must be called with https, or be one of the allowed hosts` };
  }
  return { url, isNamed };
}

const PUSH_HOSTS: ReadonlySet<string> = new Set(["fcm.googleapis.com"]);
const PUSH_SUFFIXES = [".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];

/** The same for the endpoint of a push subscription, which any browser may claim: push services of browsers only. */
export function pushTargetOf(text: string, named: readonly string[]): Target | Refused {
  const target = targetOf(text, named);
  if ("refused" in target || target.isNamed) return target;
  const { hostname, port } = target.url;
  const known =
    PUSH_HOSTS.has(hostname) || PUSH_SUFFIXES.some((suffix) => hostname.endsWith(suffix));
  if (known && port === "") return target;
  return {
    refused: `${target.url.host} is not the push service of a known browser, and not one of BATCHWATCH_PUSH_ALLOWED_HOSTS`,
  };
}
