import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TABLE = readFileSync(new URL("../docs/asvs.md", import.meta.url), "utf8");
/** Rows that have nothing to show: their words say why. */
const UNTESTED: ReadonlySet<string> = new Set(["1.2.10", "tools"]);
/** Lines of the design's table of controls, and of its tools. */
const LEAST_ROWS = 22;

interface Row {
  readonly item: string;
  readonly where: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

const rows: readonly Row[] = TABLE.split("\n")
  .filter((line) => line.startsWith("|"))
  .slice(2)
  .map((line) => {
    const [item = "", , where = "", tests = ""] = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    return {
      item,
      where: Array.from(where.matchAll(/`([^`]+)`/g), ([, path = ""]) => path),
      tests: Array.from(
        tests.matchAll(/`([^`]+)`(?: "([^"]*)")?/g),
        ([, file = "", name = ""]) => ({
          file,
          name,
        }),
      ),
    };
  });

/** What stands between a call's parentheses, up to four deep; texts in it are passed over. */
const texts = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\`(?:\\.|[^\`\\])*\``;
const call = [1, 2, 3].reduce(
  (inner) => String.raw`\((?:[^()"'\`]|${texts}|${inner})*\)`,
  String.raw`\((?:[^()"'\`]|${texts})*\)`,
);
const TEST = new RegExp(
  String.raw`\b(?:it|test|describe)((?:\.\w+(?:${call}|${texts})?)*)\(\s*(${texts})`,
  "g",
);

/** What the tests and groups of a file are called, in order, where the name is written at the test; without those that never run. */
function namesOf(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)/gm, "");
  const found = [...code.matchAll(TEST)].map(([whole, how = "", name = ""]) => ({
    isGroup: whole.startsWith("describe"),
    isRun: !/\.(?:skip|todo)\b/.test(how),
    name: name.slice(1, -1),
  }));
  // A group that is skipped takes along what is in it.
  if (found.some(({ isGroup, isRun }) => isGroup && !isRun)) return [];
  return found.filter(({ isRun }) => isRun).map(({ name }) => name);
}

describe("the table of security controls", () => {
  it("has a row for each of the design", () => {
    expect(rows.length).toBeGreaterThanOrEqual(LEAST_ROWS);
    const bare = rows.filter(({ item, tests }) => tests.length === 0 && !UNTESTED.has(item));
    expect(bare).toEqual([]);
  });

  it.each(rows.map((row) => [row.item, row] as const))(
    "%s: its files and tests are there",
    (_item, row) => {
      const { where, tests } = row;
      expect(
        [...where, ...tests.map(({ file }) => file)].filter((path) => !existsSync(ROOT + path)),
      ).toEqual([]);
      const missing = tests.filter(({ file, name }) => {
        const names = namesOf(readFileSync(ROOT + file, "utf8"));
        return !names.some((one) => one.startsWith(name));
      });
      expect(missing).toEqual([]);
    },
  );

  it("counts as a test what is one and is run", () => {
    const text = `
      // it("a comment", () => {});
      /* test("another", () => {}); */
      it.skip("a skipped one", () => {});
      test.skip.each([1])("skipped ones", () => {});
      it.todo("one to be written");
      const words = 'it("is a text';
      it("one", () => {});
      test.each(["a)b", ["c"], (d)])(
        \`several %s\`, () => {});
      describe.skipIf(away)("a group", () => {});
      it.runIf(here(1)).each(ROWS.map((row) => [row()]))('rows', () => {});
      it.each\`a\`("a table", () => {});
      test(TITLES[0], () => {});`;
    expect(namesOf(text)).toEqual(["one", "several %s", "a group", "rows", "a table"]);
    expect(namesOf(`${text}\ndescribe.skip("skipped", () => {});`)).toEqual([]);
  });
});
