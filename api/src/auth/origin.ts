/** `missing`: no browser page sent it, or one that hides it; let in only with a bearer token, never with a cookie. */
export type OriginVerdict = "allowed" | "refused" | "missing";

/**
 * Whether a page of this origin may open a socket or send a command (cross-site WebSocket hijacking).
 *
 * @param origin the request's Origin header
 * @param host the request's Host header: `host[:port]`
 * @param allowed other origins of the operator's choice, exact
 * @param ownOrigins origins of our own pages (settings `ownOriginsOf`); their schemes are the only ones believed of `host`
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
  ownOrigins: readonly string[],
): OriginVerdict {
  if (origin === undefined) return "missing";
  const sent = webOrigin(origin);
  if (sent === null) return "refused";
  if (allowed.includes(sent) || ownOrigins.includes(sent)) return "allowed";
  if (host === undefined) return "refused";
  const schemes = new Set(ownOrigins.map((own) => own.slice(0, own.indexOf(":"))));
  const sameHost = [...schemes].some(
    (scheme) => webOrigin(`${scheme}://${host.toLowerCase()}`) === sent,
  );
  return sameHost ? "allowed" : "refused";
}

/** The origin in the one form that comparing needs (default port left out); null when it is anything but an origin. */
function webOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  // A browser sends exactly scheme://host[:port]; a path, user or query means somebody is building strings.
  const plain = new RegExp(`^${url.protocol}//[^/?#@\\\\\\s]+$`);
  return plain.test(text) ? url.origin : null;
}
