import type { Dashboard, RunRow } from "@batchwatch/engine";
import { request } from "undici";
import { BenchError } from "../bench-error.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { waitUntil } from "../wait-until.ts";
import type { ExpectedRun } from "./workload.ts";

/** `dashboard.get` as a screen asks for it. */
export async function dashboard(url: string, token: string): Promise<Dashboard> {
  const { statusCode, body } = await request(`${url}/trpc/dashboard.get`, {
    headers: { authorization: `Bearer ${token}` },
    headersTimeout: BENCH_OPTIONS.requestTimeoutMs,
  });
  if (statusCode !== 200) {
    throw new BenchError("refused", `dashboard.get answered ${statusCode}: ${await body.text()}`);
  }
  const answer = (await body.json()) as { readonly result: { readonly data: Dashboard } };
  return answer.result.data;
}

function shows(row: RunRow | undefined, expected: ExpectedRun): boolean {
  if (row === undefined) return false;
  if (expected.ended !== (row.endedAt !== null)) return false;
  return (row.progress?.done ?? 0) === expected.done;
}

/** How many of the newest runs a board does not show as they are. */
export function missingOf(
  board: Pick<Dashboard, "activeJobs" | "recentCompletions">,
  expected: ReadonlyMap<string, ExpectedRun>,
): number {
  const rows = new Map<string, RunRow>();
  for (const row of board.recentCompletions) rows.set(row.runKey, row);
  for (const row of board.activeJobs) rows.set(row.runKey, row);
  let missing = 0;
  for (const run of expected.values()) if (!shows(rows.get(run.runId), run)) missing += 1;
  return missing;
}

/** Waits until the board shows every newest run as it is; returns how long that took, milliseconds. */
export async function boardCaughtUp(
  url: string,
  token: string,
  expected: ReadonlyMap<string, ExpectedRun>,
): Promise<number> {
  const startedAt = performance.now();
  let missing = expected.size;
  await waitUntil("The board shows every run", BENCH_OPTIONS.boardTimeoutMs, async () => {
    missing = missingOf(await dashboard(url, token), expected);
    return missing === 0 ? true : null;
  }).catch((error: unknown) => {
    if (!(error instanceof BenchError)) throw error;
    throw new BenchError(
      error.code,
      `${error.message} ${missing} of ${expected.size} are missing.`,
    );
  });
  return performance.now() - startedAt;
}
