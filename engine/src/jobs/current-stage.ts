import type { RunSummary, StageSummary } from "./run-summary.ts";

/** The stage that is open now (the latest heard of), else the one that ended last. */
export function currentStage(run: RunSummary): StageSummary | null {
  let best: StageSummary | null = null;
  for (const stage of run.stages.values()) {
    if (best === null || isMoreCurrent(stage, best)) best = stage;
  }
  return best;
}

function isMoreCurrent(a: StageSummary, b: StageSummary): boolean {
  const aOpen = a.end === null;
  if (aOpen !== (b.end === null)) return aOpen;
  if (a.lastFactAt !== b.lastFactAt) return a.lastFactAt > b.lastFactAt;
  const aIndex = a.index ?? 0;
  const bIndex = b.index ?? 0;
  return aIndex === bIndex ? a.name > b.name : aIndex > bIndex;
}
