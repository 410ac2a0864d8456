import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { check } from "recheck";
import { describe, expect, it } from "vitest";

/**
 * ASVS 1.3.12: no expression of ours takes more than linear time, whoever's text it meets. Those of masking and contracts, with what they
 * make at run time, are looked at longer in engine/src/masking/patterns.test.ts.
 */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = ["engine", "db", "api", "pwa"] as const;
/** A literal where a value can stand. */
const LITERAL =
  /(?:[=(,:?[!&|{;\s]|=>|return)\s*\/((?![*/\s])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\[])+)\/([dgimsuvy]*)(?=[.,;)\s\]}]|$)/gm;
const TIMEOUT_MS = 10_000;

function sourcesIn(name: string): readonly string[] {
  const files = readdirSync(`${ROOT}${name}/src`, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|(?:^|\/)test-|\/corpus\//.test(file))
    .map((file) => `${name}/src/${file}`);
}

/** By expression, where it stands. */
function literals(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const place of PACKAGES.flatMap(sourcesIn)) {
    const code = readFileSync(ROOT + place, "utf8").replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
    for (const [, source = "", flags = ""] of code.matchAll(LITERAL)) {
      if (isExpression(source, flags)) found.set(`/${source}/${flags}`, place);
    }
  }
  return found;
}

/** A line with two divisions can look like one. */
function isExpression(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).source !== "";
  } catch {
    return false;
  }
}

async function slow(expressions: Iterable<readonly [string, string]>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [literal, place] of expressions) {
    const end = literal.lastIndexOf("/");
    const options = { timeout: TIMEOUT_MS };
    const { status } = await check(literal.slice(1, end), literal.slice(end + 1), options);
    if (status !== "safe") found.push(`${place}: ${literal} is ${status}`);
  }
  return found;
}

describe("our own expressions", () => {
  it("are found in the sources", () => {
    const found = literals();
    expect(found.size).toBeGreaterThan(150);
    expect([...found.values()].filter((place) => place.startsWith("pwa/"))).not.toEqual([]);
  });

  it("take linear time, all of them", async () => {
    expect(await slow(literals())).toEqual([]);
  }, 120_000);

  it("and one that does not would be named", async () => {
    expect(
      await slow([
        ["/^(a+)+$/", "here"],
        ["/-+$/", "there"],
      ]),
    ).toHaveLength(2);
  });
});
