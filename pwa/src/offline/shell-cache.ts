/** One cache for all versions: files that the next version has, too, are not fetched again. */
const CACHE = "batchwatch-shell";
/** Where version 0.1 of the app kept its files. */
const FORMER_CACHE = "workbox-precache";
/** The slice of a `CacheStorage` that is used. */
export type CacheShelf = Pick<CacheStorage, "open" | "keys" | "delete">;

/**
 * The files of the app, kept whole so that it starts without a network. A file is named by its path; one without a hash
 * in its name has its revision behind a question mark, and is fetched past the browser's own cache.
 */
export class ShellCache {
  readonly #files: readonly string[];
  /** Path → the whole name. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #caches: CacheShelf;

  constructor(files: readonly string[], shelf: CacheShelf) {
    this.#files = files;
    this.#names = new Map(files.map((file) => [pathOf(file), file]));
    this.#caches = shelf;
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** @throws Error when a file cannot be had: half a version is none, and the one before stays in charge */
  async install(): Promise<void> {
    const cache = await this.#caches.open(CACHE);
    for (const file of this.#files) {
      // oxlint-disable no-await-in-loop -- the page that is open has the first call on the network
      if ((await cache.match(file)) !== undefined) continue;
      const path = pathOf(file);
      const response = await fetch(path, { cache: path === file ? "default" : "reload" });
      if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
      await cache.put(file, response);
      // oxlint-enable no-await-in-loop
    }
  }

  /** This version is in charge: what only older ones had goes. */
  async activate(): Promise<void> {
    const cache = await this.#caches.open(CACHE);
    const wanted = new Set(this.#files);
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      // oxlint-disable-next-line no-await-in-loop
      if (!wanted.has(pathname + search)) await cache.delete(request);
    }
    for (const name of await this.#caches.keys()) {
      // oxlint-disable-next-line no-await-in-loop
      if (name.startsWith(FORMER_CACHE)) await this.#caches.delete(name);
    }
  }

  /** What is kept, or what the server has where the browser threw it away. */
  async respond(path: string): Promise<Response> {
    const cache = await this.#caches.open(CACHE);
    return (await cache.match(this.#names.get(path) ?? path)) ?? fetch(path);
  }
}

function pathOf(file: string): string {
  return file.replace(/\?.*/, "");
}
