import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

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
