/** Everything a page of ours may do: its own script and style, its own server. Nothing inline, no framing. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The socket too: 'self' covers ws: and wss: of the same host (CSP 3, "match a URL to a source expression"). Safari before 16 does not
    // know that: there the page asks again and again instead.
    "connect-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types batchwatch default",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  // Off: the filter of old browsers was a hole of its own.
  "x-xss-protection": "0",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** A year: whoever has seen this host over TLS does not speak to it without. Other hosts of the domain are not ours to bind. */
const STRICT_TRANSPORT = "max-age=31536000";

/** @param secure pages are opened over TLS, here or at the proxy */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return secure
    ? { ...SECURITY_HEADERS, "strict-transport-security": STRICT_TRANSPORT }
    : SECURITY_HEADERS;
}
