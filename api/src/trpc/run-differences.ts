import { counterOf, decodeSummary, type DifferenceView, type RunDetail } from "@batchwatch/engine";

/** A number that moved by less than this share is no difference. */
const LEAST_CHANGE = 0.1;
/** Differences of parameters and datasets that are listed. */
const MOST_LISTED = 12;

type Value = string | number | null;

/** What of a run is not as it was in the last good one; parameters that follow the date differ in every run and are left out. Pure. */
export function differencesOf(now: RunDetail, before: RunDetail): readonly DifferenceView[] {
  const [is, was] = [decodeSummary(now.summary), decodeSummary(before.summary)];
  const ended = now.run.endedAt !== null;
  const found: DifferenceView[] = [];
  const add = (field: DifferenceView["field"], name: string | null, old: Value, current: Value) => {
    if (!isSame(old, current)) found.push({ field, name, before: old, now: current });
  };
  if (ended) add("duration", null, before.run.durationMs, now.run.durationMs);
  for (const [field, counter] of [
    ["rowsRead", "read"],
    ["rowsWritten", "written"],
    ["rowsSkipped", "skipped"],
  ] as const) {
    const current = counterOf(is, counter);
    if (ended || current !== null) add(field, null, counterOf(was, counter), current);
  }
  add("appVersion", null, before.run.appVersion, now.run.appVersion);
  add("host", null, before.run.host, now.run.host);
  for (const name of missingStages([...is.stages.keys()], [...was.stages.keys()])) {
    add("stage", name, "done", null);
  }
  for (const [name, { value }] of is.inputs) {
    add("inputRows", name, was.inputs.get(name)?.value.rows ?? null, value.rows ?? null);
  }
  for (const [name, { value }] of is.params) {
    const old = was.params.get(name)?.value ?? null;
    if (old !== null && looksLikeDate(old) && looksLikeDate(value)) continue;
    add("param", name, old, value);
  }
  return found.slice(0, MOST_LISTED);
}

/** Stages of the good run that this one did not come to. */
function missingStages(is: readonly string[], was: readonly string[]): readonly string[] {
  return was.filter((name) => !is.includes(name));
}

function isSame(before: Value, now: Value): boolean {
  if (typeof before === "number" && typeof now === "number") {
    const larger = Math.max(Math.abs(before), Math.abs(now));
    return Math.abs(now - before) <= larger * LEAST_CHANGE;
  }
  return before === now;
}

function looksLikeDate(value: string): boolean {
  return /^\d{4}-?\d{2}-?\d{2}([T ].*)?$/.test(value) || /^1[0-9]{12}$/.test(value);
}
