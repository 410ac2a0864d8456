import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { figureOf, shareOf, sumOf } from "./figures.mjs";
import { ranIn, sourcesOf } from "./raw-coverage.mjs";

function folderWith(files) {
  const folder = mkdtempSync(join(tmpdir(), "batchwatch-coverage-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return folder;
}

const range = (startOffset, endOffset, count) => ({ startOffset, endOffset, count });
const script = (url, ...functions) => ({ url, functions: functions.map((ranges) => ({ ranges })) });

test("a character ran when it did in any process, and its innermost range says so", () => {
  const folder = folderWith({
    "a.json": { result: [script("ours", [range(0, 10, 1), range(2, 4, 0)], [range(6, 8, 0)])] },
    "b.json": { result: [script("ours", [range(0, 10, 1), range(2, 9, 0)], [range(6, 8, 3)])] },
    "c.json": { result: [script("theirs", [range(0, 99, 1)])] },
    "killed.json": '{"result":[{"url":"ours","func',
    "other.txt": "no coverage",
  });
  const { files, scripts } = ranIn(folder, (url) => (url === "ours" ? "/dist/x.js" : null));
  expect(files).toBe(2);
  expect([...scripts]).toEqual([["/dist/x.js", Uint8Array.from([1, 1, 0, 0, 1, 1, 1, 1, 1, 1])]]);
});

test("a place of a source ran where what was built of it did", () => {
  // Built: `a;\nb;c;` of `a;` on line 1, `b;` on line 2 and `c;` on line 3.
  const map = { version: 3, sources: ["../src/x.ts"], names: [], mappings: "AAAA;AACA,EACA" };
  const folder = folderWith({ "x.js": "a;\nb;c;", "x.js.map": map });
  const { sources, hasRun } = sourcesOf(
    join(folder, "x.js"),
    Uint8Array.from([1, 1, 1, 0, 0, 1, 1]),
  );
  const [source] = sources;
  expect(source).toBe(join(folder, "../src/x.ts"));
  const lines = [1, 2, 3, 4].map((line) => hasRun(source, { line, column: 0 }));
  expect(lines).toEqual([true, false, true, false]);
});

test("statements and lines are counted once, wherever they ran", () => {
  const at = (line, column) => ({ start: { line, column }, end: { line, column } });
  const statementMap = { 0: at(1, 0), 1: at(2, 0), 2: at(2, 8), 3: at(3, 0) };
  const file = { statementMap, s: { 0: 5, 1: 0, 2: 0, 3: 0 } };
  const figure = figureOf(file, ({ line, column }) => line === 2 && column === 8);
  expect(figure).toEqual({ statements: 4, ran: 2, lines: 3, linesRun: 2, missed: [3] });
  const sum = sumOf([figure, figure]);
  expect(sum).toMatchObject({ files: 2, statements: 8, ran: 4, lines: 6, linesRun: 4 });
  expect(shareOf(sum)).toBe(50);
  expect(shareOf(sumOf([]))).toBe(100);
});
