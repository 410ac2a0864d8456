import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Everything a page of ours may do: its own script and style, its own server. Nothing inline, no framing. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self' ws: wss:",
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
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** Routes of the page; the server answers each with the page itself. */
const PAGE_ROUTES = [
  "/",
  "/incidents",
  "/incidents/*",
  "/jobs",
  "/jobs/*",
  "/runs/*",
  "/more",
  "/more/*",
];

/** The built PWA. Hashed assets may be kept for ever; the page, its service worker and its manifest are always asked for again. */
export async function pageRoutes(app: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(root)) {
    for (const url of PAGE_ROUTES) {
      app.get(url, async (_request, reply) =>
        reply
          .status(503)
          .send({ code: "not_built", message: "The page is not built. Run npm run build." }),
      );
    }
    return;
  }
  const hashedFiles = join(root, "assets") + sep;
  await app.register(fastifyStatic, {
    root,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const hashed = path.startsWith(hashedFiles);
      void response.header(
        "cache-control",
        hashed ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
  for (const url of PAGE_ROUTES)
    app.get(url, async (_request, reply) => reply.sendFile("index.html"));
}
