import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { check } from "recheck";
import { describe, expect, it, vi } from "vitest";

/**
 * ASVS 1.3.12: no expression that hostile text meets takes more than linear time. Literals are read from the source, what is
 * made by `new RegExp` is caught while the modules load.
 */
const FOLDERS = ["masking", "contracts"];
const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** A literal where a value can stand. */
const LITERAL =
  /(?:^|[=(,:?[!&|]|=>|return)\s*\/((?![*/])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\[])+)\/([dgimsuvy]*)/gm;
/** Without one of these an expression looks at a bounded stretch from each place. */
const REPEATS = /[*+{]/;
const TIMEOUT_MS = 20_000;

interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith(".ts") && !/\.test\.|^test-/.test(file))
    .map((file) => `${folder}/${file}`),
);

function literals(): Pattern[] {
  return FILES.flatMap((place) => {
    const code = readFileSync(ROOT + place, "utf8").replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
    return Array.from(code.matchAll(LITERAL), ([, source = "", flags = ""]) => ({
      place,
      source,
      flags,
    }));
  });
}

/** What the modules make of texts when they are loaded. */
async function constructed(): Promise<Pattern[]> {
  const found: Pattern[] = [];
  const Plain = globalThis.RegExp;
  vi.resetModules();
  globalThis.RegExp = new Proxy(Plain, {
    construct(target, [source, flags]: [string | RegExp, string | undefined], caller) {
      const made = Reflect.construct(target, [source, flags], caller) as RegExp;
      if (typeof source === "string")
        found.push({ place: "new RegExp", source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    for (const file of FILES) await import(/* @vite-ignore */ `../${file}`);
  } finally {
    globalThis.RegExp = Plain;
  }
  return found;
}

const known = [...literals(), ...(await constructed())];
const toCheck = [...new Map(known.map((one) => [`/${one.source}/${one.flags}`, one]))]
  .map(([name, one]) => ({ name, ...one }))
  .filter(({ source }) => REPEATS.test(source));

/** Null where recheck can say something; else why not, for the name of the skipped test. */
const away = await check("a+$", "", { timeout: TIMEOUT_MS }).then(
  ({ status }) => (status === "unknown" ? "recheck does not answer" : null),
  (error: unknown) => `recheck cannot run: ${String(error).slice(0, 80)}`,
);

describe("[1.3.12] expressions at the door", () => {
  it("are all found", () => {
    expect(literals().length).toBeGreaterThan(90);
    expect(known.filter(({ place }) => place === "new RegExp").length).toBeGreaterThanOrEqual(4);
    // A literal that the reading above misses would leave a slash pair behind that is called.
    const called = FILES.flatMap((file) =>
      Array.from(
        readFileSync(ROOT + file, "utf8").matchAll(
          /\/((?![*/])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\[])+)\/[dgimsuvy]*\.(?:test|exec)\(/g,
        ),
        ([, source]) => source,
      ),
    );
    const sources = new Set(literals().map(({ source }) => source));
    expect(called.filter((source) => !sources.has(source ?? ""))).toEqual([]);
  });

  it("and recheck knows a bad one", { skip: away !== null, timeout: TIMEOUT_MS * 2 }, async () => {
    const { status } = await check("^(a+)+$", "", { timeout: TIMEOUT_MS });
    expect(status).toBe("vulnerable");
  });

  it.skipIf(away !== null).each(toCheck)(
    `take linear time${away === null ? "" : ` (${away})`}: $place $name`,
    { timeout: TIMEOUT_MS * 2 },
    async ({ source, flags }) => {
      const verdict = await check(source, flags, { timeout: TIMEOUT_MS });
      expect(verdict).toMatchObject({
        status: "safe",
        complexity: { type: expect.stringMatching(/^(?:safe|linear)$/) as string },
      });
    },
  );
});
