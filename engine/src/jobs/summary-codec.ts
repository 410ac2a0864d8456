import { NONE, type RunSummary } from "./run-summary.ts";

const MAPS = ["metrics", "params", "inputs", "outputs", "stages"] as const;

/** JSON-safe form of a summary: maps become sorted entry lists, so equal summaries give equal text. */
export function packSummary(summary: RunSummary): Record<string, unknown> {
  const packed: Record<string, unknown> = { ...summary };
  for (const name of MAPS) {
    const entries: [string, unknown][] = [...summary[name]];
    packed[name] = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }
  return packed;
}

/** The reverse of {@link packSummary}; trusts its input, which only this program writes. Earlier versions kept no commits. */
export function unpackSummary(packed: unknown): RunSummary {
  const summary: Record<string, unknown> = { ...(packed as Record<string, unknown>) };
  for (const name of MAPS) {
    const entries = summary[name] as [string, unknown][];
    summary[name] = entries.length === 0 ? NONE : new Map(entries);
  }
  summary["commits"] ??= [];
  const stages = summary["stages"] as Map<string, Record<string, unknown>>;
  for (const stage of stages.values()) stage["commits"] ??= [];
  return summary as unknown as RunSummary;
}

export function encodeSummary(summary: RunSummary): string {
  return JSON.stringify(packSummary(summary));
}

export function decodeSummary(text: string): RunSummary {
  return unpackSummary(JSON.parse(text));
}
