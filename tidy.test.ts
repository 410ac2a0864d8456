import { existsSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { MOCKING } from "./vitest.config.ts";

/** The rules that hold the repository together. What breaks one is listed as `file: what`. */
const ROOT = dirname(fileURLToPath(import.meta.url));
const PACKAGES = ["engine", "db", "api", "pwa", "bench"] as const;
type Package = (typeof PACKAGES)[number];

/** Module names of ours that a package may import. */
const MAY_IMPORT: Readonly<Record<Package, readonly string[]>> = {
  engine: [],
  db: ["@batchwatch/engine"],
  api: ["@batchwatch/engine", "@batchwatch/db", "@batchwatch/db/journal"],
  pwa: ["batchwatch/router"],
  bench: ["@batchwatch/engine", "@batchwatch/db", "@batchwatch/db/journal", "batchwatch/router"],
};

/** Folders under src, in order: a folder imports only itself and those to its left. Files directly in src are free. */
const ORDER: Readonly<Record<Package, readonly string[]>> = {
  engine: words(`model ports masking contracts schedule scoring rules jobs board shards estate
    incidents oncall approvals audit desk simulation sample`),
  db: words("schema dialects migrations stores journal foreign history upkeep"),
  api: words("auth audit live notify intake sources trpc http threads main.ts cli"),
  pwa: words("live offline push components charts screens"),
  bench: [],
};

const ROOT_ENTRIES: ReadonlySet<string> = new Set([
  ...PACKAGES,
  ...words(`package.json turbo.json README.md CHANGELOG.md LICENSE package-lock.json .oxlintrc.json
    .oxfmtrc.json .prebuild-installrc .ci .gitignore .gitattributes .npmrc vitest.config.ts
    tidy.test.ts`),
]);
/** Made by tools or at run time, and ignored by git. */
const UNTRACKED: ReadonlySet<string> = new Set(
  words(".git node_modules dist bundle dist-types .turbo coverage .prebuilds data"),
);

const MOST_LINES = 400;

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function entries(folder: string): Dirent[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).filter(
    (entry) => !UNTRACKED.has(entry.name),
  );
}

/** Paths of every file below a folder, relative to the root, with forward slashes. */
function filesBelow(folder: string): readonly string[] {
  return entries(folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

interface CodeFile {
  readonly package: Package;
  readonly path: string;
  readonly text: string;
  /** Without comments and with strings kept: what the rules on syntax look at. */
  readonly code: string;
}

const CODE: readonly CodeFile[] = PACKAGES.flatMap((name) =>
  filesBelow(name)
    .filter((path) => /\.(ts|tsx|js|mjs|cjs)$/.test(path))
    .map((path) => {
      const text = read(path);
      const code = text.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)/gm, "");
      return { package: name, path, text, code };
    }),
);

interface Import {
  readonly from: string;
  /** Only types are named, so nothing is left of it at run time. */
  readonly typeOnly: boolean;
}

function importsOf(code: string): readonly Import[] {
  const fromClauses = code.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^"';]*?from\s*["']([^"']+)["']/gm,
  );
  const bare = code.matchAll(/^\s*import\s+["']([^"']+)["']/gm);
  const calls = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  const urls = code.matchAll(/new URL\(\s*["'](\.[^"']+\.[jt]sx?)["']/g);
  return [
    ...[...fromClauses].map((match) => ({
      from: match[2] ?? "",
      typeOnly: match[1] !== undefined,
    })),
    ...[...bare, ...calls, ...urls].map((match) => ({ from: match[1] ?? "", typeOnly: false })),
  ];
}

/** One of our own packages: its module name, or null for others. */
function ours(from: string): string | null {
  return from === "batchwatch" || /^(@batchwatch|batchwatch)\//.test(from) ? from : null;
}

function inSource(file: CodeFile): boolean {
  return file.path.startsWith(`${file.package}/src/`);
}

describe("imports", () => {
  test("a package imports only the packages that the table gives it", () => {
    const wrong = CODE.filter(inSource).flatMap((file) =>
      importsOf(file.code)
        .filter(({ from }) => ours(from) !== null && !MAY_IMPORT[file.package].includes(from))
        .map(({ from }) => `${file.path}: imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  test("the pwa imports nothing but types of the api", () => {
    const wrong = CODE.filter((file) => file.package === "pwa" && inSource(file)).flatMap((file) =>
      importsOf(file.code)
        .filter(({ from, typeOnly }) => ours(from) !== null && !typeOnly)
        .map(({ from }) => `${file.path}: imports more than types of ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  test("nothing reaches into another package by a path", () => {
    const wrong = CODE.filter(inSource).flatMap((file) =>
      importsOf(file.code)
        .filter(({ from }) => from.startsWith("."))
        .filter(({ from }) => !target(file, from).startsWith(`${file.package}/`))
        .map(({ from }) => `${file.path}: imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  test("a folder imports only those to its left", () => {
    const wrong = CODE.filter((file) => inSource(file) && !file.path.includes(".test.")).flatMap(
      (file) => {
        const order = ORDER[file.package];
        const own = order.indexOf(folderOf(file.path));
        if (own < 0) return [];
        return importsOf(file.code)
          .filter(({ from }) => from.startsWith("."))
          .filter(({ from }) => order.indexOf(folderOf(target(file, from))) > own)
          .map(({ from }) => `${file.path}: imports ${from}`);
      },
    );
    expect(wrong).toEqual([]);
  });

  test("every folder of code under src has its place in the order", () => {
    const folders = new Set(
      CODE.filter((file) => inSource(file) && file.path.split("/").length > 3)
        .filter((file) => ORDER[file.package].length > 0)
        .filter((file) => !ORDER[file.package].includes(folderOf(file.path)))
        .map((file) => `${file.package}/src/${folderOf(file.path)}: not in the order`),
    );
    expect([...folders]).toEqual([]);
  });
});

/** The folder directly under src, or the file's own name when it lies directly in src. */
function folderOf(path: string): string {
  return path.split("/")[2] ?? "";
}

/** The root-relative path that a relative import means. */
function target(file: CodeFile, from: string): string {
  return relative(ROOT, join(ROOT, dirname(file.path), from))
    .split(sep)
    .join("/");
}

describe("files", () => {
  test("none is longer than 400 lines", () => {
    const wrong = CODE.map((file) => ({ path: file.path, lines: file.text.split("\n").length - 1 }))
      .filter((file) => file.lines > MOST_LINES)
      .map((file) => `${file.path}: ${file.lines} lines`);
    expect(wrong).toEqual([]);
  });

  test("default exports only where a tool asks for one", () => {
    const allowed = /\.config\.m?[jt]s$|\/src\/threads\/[^/]+\.ts$|^pwa\/test\/browser-setup\.ts$/;
    const wrong = CODE.filter((file) => !allowed.test(file.path))
      .filter((file) => /^\s*export\s+default\b|\bas\s+default\s*[,}]/m.test(file.code))
      .map((file) => `${file.path}: default export`);
    expect(wrong).toEqual([]);
  });

  test("no enum", () => {
    const wrong = CODE.filter((file) =>
      /^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s+\w/m.test(file.code),
    ).map((file) => `${file.path}: enum`);
    expect(wrong).toEqual([]);
  });

  test("a test of the page that mocks a module is among those with a process of their own", () => {
    const mocking = CODE.filter(
      ({ path, code }) => path.startsWith("pwa/src/") && /^\s*vi\.(?:do)?[mM]ock\(/m.test(code),
    ).map(({ path }) => path.slice("pwa/".length));
    expect(mocking.sort()).toEqual([...MOCKING].sort());
  });

  test("the root holds only what belongs there", () => {
    const wrong = entries(".")
      .map((entry) => entry.name)
      .filter((name) => !ROOT_ENTRIES.has(name) && !/^tsconfig(\.\w+)?\.json$/.test(name));
    expect(wrong).toEqual([]);
  });
});

/** Of code: the exports that are values, which is what can be dead without a word of the compiler. */
function exportsOf(code: string): readonly string[] {
  const found = code.matchAll(
    /^export\s+(?:async\s+)?(?:abstract\s+)?(?:function\*?|const|let|class)\s+(\w+)/gm,
  );
  return [...found].map((match) => match[1] ?? "");
}

test("what a file exports, another file uses", () => {
  const users = new Map<string, number>();
  for (const { text } of CODE) {
    for (const word of new Set(text.match(/\w+/g))) users.set(word, (users.get(word) ?? 0) + 1);
  }
  // Its type is the check.
  const allowed = new Set(["EVERY_PROCEDURE_HAS_A_RULE"]);
  const wrong = CODE.flatMap(({ path, code }) =>
    exportsOf(code)
      .filter((name) => users.get(name) === 1 && !allowed.has(name))
      .map((name) => `${path}: nobody else uses ${name}`),
  );
  expect(wrong).toEqual([]);
});

describe("documents", () => {
  const DOCUMENTS = PACKAGES.flatMap((name) => filesBelow(name))
    .concat("README.md", "CHANGELOG.md")
    .filter((path) => path.endsWith(".md"));
  /** What came before is not read any more, and may be named where it is told. */
  const CURRENT = DOCUMENTS.filter((path) => path !== "CHANGELOG.md");
  const TOOLS = ["vitest.config.ts", "turbo.json", ".ci/run", ".ci/coverage/run.mjs"];
  const VARIABLE = /\bBATCHWATCH_[A-Z_]*[A-Z]\b/g;
  const variablesIn = (texts: readonly string[]): ReadonlySet<string> =>
    new Set(texts.flatMap((text) => text.match(VARIABLE) ?? []));

  test("each link leads to a file", () => {
    const wrong = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map((match) => match[1] ?? "")
        .filter((link) => !/^\w+:/.test(link) && !existsSync(join(ROOT, dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });

  test("an environment variable that they name is read somewhere", () => {
    const known = variablesIn([...CODE.map(({ text }) => text), ...TOOLS.map(read)]);
    const wrong = CURRENT.flatMap((path) =>
      [...variablesIn([read(path)])]
        .filter((name) => !known.has(name))
        .map((name) => `${path}: nothing reads ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test("an environment variable that is read is a setting, which `config` lists, or named in a README", () => {
    const listed = variablesIn([
      read("api/src/settings-table.ts"),
      ...CURRENT.filter((path) => path.endsWith("README.md")).map(read),
    ]);
    const wrong = CODE.filter(({ path }) => path !== "api/src/settings.test.ts").flatMap(
      ({ path, text }) =>
        [...variablesIn([text])]
          .filter((name) => !listed.has(name))
          .map((name) => `${path}: ${name} is in no README`),
    );
    expect(wrong).toEqual([]);
  });

  test("each rule of the engine is quoted by a test, and no rule that is none", () => {
    const RULE = /\b(?:RUN|UNIT|CLOCK|SCHED|ALERT|SET|SUP|INC|SEND|EYES|AUD)-\d+\b/g;
    const rules = [...read("engine/SPEC.md").matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(
      (match) => match[1] ?? "",
    );
    const tests = CODE.filter(({ path }) => /\.test\.tsx?$|-conformance\.ts$/.test(path));
    const quoted = new Set(tests.flatMap(({ text }) => text.match(RULE) ?? []));
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((rule) => !quoted.has(rule))).toEqual([]);
    expect([...quoted].filter((rule) => !rules.includes(rule))).toEqual([]);
  });
});

type Manifest = Readonly<
  Record<"dependencies" | "devDependencies", Record<string, string> | undefined>
>;

describe("dependencies", () => {
  test.each(PACKAGES)("%s/README.md says why each is there", (name) => {
    const manifest: Manifest = JSON.parse(read(`${name}/package.json`));
    const path = `${name}/README.md`;
    const readme = existsSync(join(ROOT, path)) ? read(path) : "";
    const used = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(
      used
        .filter((one) => !readme.includes(`\`${one}\``))
        .map((one) => `${path}: \`${one}\` is not named`),
    ).toEqual([]);
  });

  interface Locked {
    readonly resolved?: string;
    readonly link?: boolean;
    readonly integrity?: string;
    readonly hasInstallScript?: boolean;
    readonly optionalDependencies?: Record<string, string>;
  }
  const lock: { packages: Record<string, Locked> } = JSON.parse(read("package-lock.json"));
  const locked = Object.entries(lock.packages);
  const nameAt = (path: string) =>
    path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

  test("the lock file names no registry", () => {
    const wrong = locked.filter(([, one]) => one.resolved !== undefined && one.link !== true);
    expect(wrong.map(([path, one]) => `${path}: ${one.resolved}`)).toEqual([]);
  });

  test("the lock file holds a hash of every package", () => {
    const wrong = locked.filter(
      ([path, one]) =>
        path.includes("node_modules/") &&
        one.link !== true &&
        !/^sha512-./.test(one.integrity ?? ""),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test("a package runs a script at its installation only if it is allowed by name", () => {
    const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(
      read("package.json"),
    );
    const scripted = locked.filter(([, one]) => one.hasInstallScript === true);
    expect([...new Set(scripted.map(([path]) => nameAt(path)))].sort()).toEqual(
      Object.keys(allowScripts).sort(),
    );
    expect(Object.values(allowScripts)).not.toContain(false);
  });

  test("the lock file holds every optional dependency, of every platform", () => {
    const present = new Set(locked.map(([path]) => nameAt(path)));
    const wrong = locked.flatMap(([path, one]) =>
      Object.keys(one.optionalDependencies ?? {})
        .filter((name) => !present.has(name))
        .map((name) => `${path}: ${name} has no entry`),
    );
    expect(wrong).toEqual([]);
  });
});
