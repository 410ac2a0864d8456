import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import type { BenchResult } from "./result.ts";

function shown(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}

function barOf(figure: Figure): string {
  if (figure.bar === null) return "";
  return `${figure.better === "higher" ? "≥" : "≤"} ${shown(figure.bar)}`;
}

function verdictOf(figure: Figure): string {
  if (figure.met === null) return "";
  return figure.met ? "met" : "MISSED";
}

/** A result as a table for people. */
export function tableOf(result: BenchResult): string {
  const { machine } = result;
  const header = ["figure", "median", "min", "max", "unit", "bar", ""];
  const rowsOf = (figures: readonly Figure[], prefix: string): string[][] =>
    figures.map((figure) => [
      prefix + figure.name,
      shown(figure.median),
      shown(figure.min),
      shown(figure.max),
      figure.unit,
      barOf(figure),
      verdictOf(figure),
    ]);
  const rows = [header, ...rowsOf(result.figures, ""), ...rowsOf(result.peers, "beside: ")];
  const widths = header.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isNumber = (column: number): boolean => column >= 1 && column <= 3;
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const memoryGib = (machine.memoryBytes / 2 ** 30).toFixed(1);
  return [
    `${result.scenario} (runs ${result.runs}, seed ${result.seed}, commit ${result.commit.slice(0, 12)})`,
    `${machine.cpu}, ${machine.cores} cores, ${memoryGib} GiB, ${machine.os}, Node ${machine.node}`,
    ...lines,
  ].join("\n");
}

/** Writes `<scenario>.json` and returns its path. */
export async function writeResult(folder: string, result: BenchResult): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${result.scenario}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
