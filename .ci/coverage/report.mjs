import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BAR, EXCLUSIONS, PACKAGES } from "./exclusions.mjs";
import { figureOf, share, shareOf, sumOf } from "./figures.mjs";
import { ranIn, sourcesOf } from "./raw-coverage.mjs";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const FOLDERS = {
  /** Vitest's report of what its own processes ran. */
  units: join(ROOT, "coverage/units"),
  /** V8's files of processes and threads. */
  raw: join(ROOT, "coverage/raw"),
  /** V8's files of pages. */
  pages: join(ROOT, "coverage/pages"),
};
/** Files that are listed, those with most left to test. */
const LISTED = 25;
const OWN = pathToFileURL(ROOT).href;

/** The one figure: what any test ran, in whatever process, thread or page. Returns whether every package reaches the bar. */
export function report() {
  const elsewhere = ranElsewhere();
  const units = JSON.parse(readFileSync(join(FOLDERS.units, "coverage-final.json"), "utf8"));
  const files = Object.entries(units)
    .map(([path, file]) => {
      const built = elsewhere.get(path) ?? [];
      const hasRun = (place) => built.some((script) => script.hasRun(path, place));
      return { path: relative(ROOT, path), ...figureOf(file, hasRun) };
    })
    .filter(({ statements }) => statements > 0);
  writeFileSync(join(ROOT, "coverage/files.json"), JSON.stringify(files, null, 1));
  const sums = PACKAGES.map((name) => [
    name,
    sumOf(files.filter(({ path }) => path.startsWith(`${name}/`))),
  ]);
  printTable([...sums, ["all", sumOf(files)]]);
  printFiles(files);
  print("\nLeft out:");
  for (const [pattern, reason] of EXCLUSIONS) print(`  ${pattern}: ${reason}`);
  const low = PACKAGES.filter((_name, at) => shareOf(sums[at][1]) < BAR);
  for (const name of low) print(`Coverage of ${name} is below ${BAR} %.`);
  return low.length === 0;
}

/** By source path, the built scripts that came of it and ran in a process, thread or page. */
function ranElsewhere() {
  const processes = ranFrom(FOLDERS.raw, (url) =>
    url.startsWith(OWN) &&
    /^(?:(?:engine|db|api|bench)\/dist|api\/bundle)\//.test(url.slice(OWN.length))
      ? fileURLToPath(url)
      : null,
  );
  const pages = ranFrom(FOLDERS.pages, (url) =>
    url.startsWith("page:") ? join(ROOT, "pwa/dist", url.slice("page:".length)) : null,
  );
  print(`\nBeside the unit tests: ${processes.files} processes and threads, ${pages.files} pages.`);
  const found = new Map();
  for (const [path, ran] of [...processes.scripts, ...pages.scripts]) {
    if (!existsSync(`${path}.map`)) continue;
    const script = sourcesOf(path, ran);
    for (const source of script.sources) {
      if (!found.has(source)) found.set(source, []);
      found.get(source).push(script);
    }
  }
  return found;
}

function ranFrom(folder, pathOf) {
  return existsSync(folder) ? ranIn(folder, pathOf) : { files: 0, scripts: new Map() };
}

function printTable(sums) {
  const row = (cells) =>
    print(cells.map((cell, at) => (at === 0 ? cell.padEnd(9) : cell.padStart(12))).join(""));
  row(["package", "lines", "statements", "of lines", "in files"]);
  for (const [name, sum] of sums) {
    const { lines, linesRun, statements, ran, files } = sum;
    row([name, percent(linesRun, lines), percent(ran, statements), `${lines}`, `${files}`]);
  }
}

function printFiles(files) {
  const left = ({ statements, ran }) => statements - ran;
  print("\nStatements that no test ran, by file, and its first lines (all: coverage/files.json):");
  for (const one of files.toSorted((a, b) => left(b) - left(a)).slice(0, LISTED)) {
    const count = `${left(one)}`.padStart(5);
    const ran = percent(one.ran, one.statements).padStart(8);
    print(`${count} ${ran}  ${one.path}:${one.missed.slice(0, 8).join(" ")}`);
  }
}

function percent(part, whole) {
  return `${share(part, whole).toFixed(1)} %`;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
