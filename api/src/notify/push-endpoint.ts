import { pushTargetOf } from "./target.ts";
import type { Vapid } from "./vapid.ts";

/** A push subscription that cannot be used; the message is for its owner and names what would be right. */
class EndpointRefused extends Error {
  readonly code = "endpoint_refused";
  constructor(message: string) {
    super(message);
    this.name = "EndpointRefused";
  }
}

/**
 * Judges an endpoint before it is saved: a push service of a browser, or a host that the operator named, and one that will know
 * us. Throws {@link EndpointRefused}. Addresses behind names are judged when they are called.
 */
export function checkPushEndpoint(
  endpoint: string,
  named: readonly string[],
  vapid: Pick<Vapid, "troubleWith"> | { readonly unavailable: string },
): void {
  const target = pushTargetOf(endpoint, named);
  if ("refused" in target) throw new EndpointRefused(`endpoint: ${target.refused}.`);
  const trouble = "unavailable" in vapid ? vapid.unavailable : vapid.troubleWith(target.url);
  if (trouble !== null) throw new EndpointRefused(`endpoint: ${trouble}.`);
}
