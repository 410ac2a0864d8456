import type { RunRow } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import type { JobOutcome } from "./contender.ts";

/** A job's newest run among its rows, which come as they were made. @throws {BenchError} with code `wrong` when no load of ours can give it */
export function jobOutcomeOf(rows: readonly RunRow[]): JobOutcome {
  let newest: RunRow | undefined;
  for (const row of rows) {
    if (newest === undefined || startOf(row) >= startOf(newest)) newest = row;
  }
  if (newest === undefined) throw new BenchError("wrong", "A job has no row.");
  const { executionId, state, progress } = newest;
  if (state !== "running" && state !== "succeeded") {
    throw new BenchError("wrong", `A run is ${state}.`);
  }
  return { executionId, state, done: progress?.done ?? 0 };
}

function startOf(row: RunRow): string {
  return row.startedAt ?? "";
}
