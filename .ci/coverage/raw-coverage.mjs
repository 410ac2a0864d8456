import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { allGeneratedPositionsFor, LEAST_UPPER_BOUND, TraceMap } from "@jridgewell/trace-mapping";

/**
 * What processes, threads or pages ran: of each script, by its path, a byte for each character, 1 where it ran in any of them.
 *
 * @param {string} folder of V8's files
 * @param {(url: string) => string | null} pathOf where a script lies; null: it is none of ours
 * @returns {{ files: number, scripts: Map<string, Uint8Array> }}
 */
export function ranIn(folder, pathOf) {
  const scripts = new Map();
  let files = 0;
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
    const own = scriptsIn(join(folder, name)).flatMap(({ url, functions }) => {
      const path = pathOf(url);
      return path === null ? [] : [{ path, functions }];
    });
    if (own.length > 0) files += 1;
    for (const { path, functions } of own) {
      const once = painted(functions);
      const known = scripts.get(path);
      if (known === undefined) scripts.set(path, once);
      else for (let at = 0; at < once.length; at += 1) known[at] |= once[at];
    }
  }
  return { files, scripts };
}

/** A process that is killed while it writes leaves half a file: that is no coverage. */
function scriptsIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).result ?? [];
  } catch {
    return [];
  }
}

/** Ranges lie in one another: what the innermost says of a character holds. */
function painted(functions) {
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const end = ranges.reduce((most, { endOffset }) => Math.max(most, endOffset), 0);
  const ran = new Uint8Array(end);
  for (const { startOffset, endOffset, count } of ranges) {
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return ran;
}

/**
 * Answers of a built script whether a place of one of its sources ran.
 *
 * @param {string} path of the script; its source map lies beside it
 * @param {Uint8Array} ran
 */
export function sourcesOf(path, ran) {
  const map = JSON.parse(readFileSync(`${path}.map`, "utf8"));
  const folder = pathToFileURL(`${dirname(path)}/`);
  const sources = map.sources.map((source) =>
    fileURLToPath(new URL(`${map.sourceRoot ?? ""}${source}`, folder)),
  );
  const trace = new TraceMap({ ...map, sourceRoot: "", sources });
  const lines = lineStarts(readFileSync(path, "utf8"));
  /** @param {{ line: number, column: number }} place */
  const hasRun = (source, { line, column }) =>
    allGeneratedPositionsFor(trace, { source, line, column, bias: LEAST_UPPER_BOUND }).some(
      (at) => ran[(lines[at.line - 1] ?? 0) + at.column] === 1,
    );
  return { sources, hasRun };
}

function lineStarts(code) {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
