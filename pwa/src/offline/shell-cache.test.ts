import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CacheShelf, ShellCache } from "./shell-cache.ts";

const ORIGIN = "http://localhost";

/** Caches in memory: what a browser's do, as far as the shell uses them. */
function shelf(): CacheShelf & { readonly names: () => readonly string[] } {
  const caches = new Map<string, Map<string, Response>>();
  return {
    names: () => [...caches.keys()],
    keys: async () => [...caches.keys()],
    delete: async (name) => caches.delete(name),
    open: async (name) => {
      const kept = caches.get(name) ?? new Map<string, Response>();
      caches.set(name, kept);
      const urlOf = (key: RequestInfo | URL): string =>
        key instanceof Request ? key.url : new URL(String(key), ORIGIN).href;
      return {
        match: async (key: RequestInfo | URL) => kept.get(urlOf(key))?.clone(),
        put: async (key: RequestInfo | URL, response: Response) =>
          void kept.set(urlOf(key), response),
        delete: async (key: RequestInfo | URL) => kept.delete(urlOf(key)),
        keys: async () => [...kept.keys()].map((url) => new Request(url)),
      } as unknown as Cache;
    },
  };
}

describe("the shell's cache", () => {
  let fetched: (readonly [string, RequestCache | undefined])[];
  let missing: string | null;
  beforeEach(() => {
    fetched = [];
    missing = null;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request, init) => {
      const path = request as string;
      fetched.push([path, init?.cache]);
      return path === missing
        ? new Response("gone", { status: 404 })
        : new Response(`${path} from the server`);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("keeps every file, those without a hash past the browser's own cache, and gives them by path", async () => {
    const shell = new ShellCache(["/assets/a-1.js", "/index.html?r1"], shelf());
    await shell.install();
    expect(fetched).toEqual([
      ["/assets/a-1.js", "default"],
      ["/index.html", "reload"],
    ]);
    expect(await (await shell.respond("/index.html")).text()).toBe("/index.html from the server");
    expect(fetched).toHaveLength(2);
    expect([shell.has("/index.html"), shell.has("/index.html?r1"), shell.has("/x.js")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("fetches of the next version only what is new, and throws the old away once that is in charge", async () => {
    const caches = shelf();
    await new ShellCache(["/assets/a-1.js", "/assets/b-1.js", "/index.html?r1"], caches).install();
    await caches.open("workbox-precache-v2-http://localhost/");
    fetched = [];
    const next = new ShellCache(["/assets/a-1.js", "/index.html?r2"], caches);
    await next.install();
    expect(fetched).toEqual([["/index.html", "reload"]]);
    const before = new ShellCache(["/assets/b-1.js", "/index.html?r1"], caches);
    await before.respond("/assets/b-1.js");
    expect(fetched).toHaveLength(1);
    await next.activate();
    expect(caches.names()).toEqual(["batchwatch-shell"]);
    await before.respond("/assets/b-1.js");
    expect(fetched.at(-1)).toEqual(["/assets/b-1.js", undefined]);
    await next.respond("/assets/a-1.js");
    expect(fetched).toHaveLength(2);
  });

  it("is not installed while a file cannot be had", async () => {
    missing = "/assets/b-1.js";
    const shell = new ShellCache(["/assets/a-1.js", "/assets/b-1.js"], shelf());
    await expect(shell.install()).rejects.toThrow("/assets/b-1.js: 404");
  });
});
