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
        const text = readFileSync(ROOT + file, "utf8");
        return !['"', "'", "`"].some((quote) => text.includes(`${quote}${name}`));
      });
      expect(missing).toEqual([]);
    },
  );
});
