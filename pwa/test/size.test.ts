import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const KIB = 1_024;
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const read = (file: string): string => readFileSync(DIST + file, "utf8");
const gzipped = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0);

/** Scripts that index.html names, and all that these import at once. */
function scriptsAtOnce(): readonly string[] {
  const named = [...read("index.html").matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)];
  const found = new Set(named.map((match) => match[1] ?? ""));
  for (const file of found) {
    for (const [, imported] of read(file).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
      found.add(`assets/${imported}`);
    }
  }
  return [...found];
}

/** Addresses that the built service worker keeps. */
function shell(): readonly string[] {
  const list = /\/assets\/[^()]*/.exec(read("sw.js"))?.[0] ?? "";
  return [...list.matchAll(/\/([\w./-]+)/g)].map((match) => match[1] ?? "");
}

describe("what a phone has to load", () => {
  it("is at most 130 KiB of script before the first paint, gzipped", () => {
    const scripts = scriptsAtOnce();
    expect(scripts.length).toBeGreaterThan(0);
    process.stdout.write(`first scripts: ${(gzipped(scripts) / KIB).toFixed(1)} KiB gz\n`);
    expect(gzipped(scripts)).toBeLessThanOrEqual(130 * KIB);
  });

  it("is at most 10 KiB of service worker, gzipped", () => {
    process.stdout.write(`sw.js: ${(gzipped(["sw.js"]) / KIB).toFixed(1)} KiB gz\n`);
    expect(gzipped(["sw.js"])).toBeLessThanOrEqual(10 * KIB);
  });
});

describe("what a phone keeps", () => {
  it("is the whole shell, each file of which exists", () => {
    const kept = shell();
    expect(kept.filter((file) => !existsSync(DIST + file))).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining([...scriptsAtOnce()]));
    const styles = [...read("index.html").matchAll(/href="\/(assets\/[^"]+\.css)"/g)];
    const others = [
      "index.html",
      "manifest.webmanifest",
      "icons/icon-192.png",
      "icons/badge-96.png",
    ];
    expect(kept).toEqual(expect.arrayContaining([...styles.map((match) => match[1]), ...others]));
  });

  it("is not what is loaded late and large", () => {
    expect(shell().filter((file) => /cronstrue|victory|chart/i.test(file))).toEqual([]);
  });
});
