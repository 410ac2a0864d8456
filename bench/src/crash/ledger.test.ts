import type { RunListItem, RunRow } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { Ledger, type LedgerRequest } from "./ledger.ts";

const NOW = Date.UTC(2026, 10, 24, 3);
const AT = new Date(NOW).toISOString();

/** What a server that lost nothing lists of these requests. */
function listed(requests: readonly LedgerRequest[]): RunListItem[] {
  const items = new Map<string, RunListItem>();
  for (const { run, kind, written } of requests.flatMap((request) => request.facts)) {
    const known = items.get(run.runKey);
    items.set(run.runKey, {
      ...({ runKey: run.runKey, startedAt: AT, endedAt: null } as RunListItem),
      ...known,
      rowsWritten: Math.max(written, known?.rowsWritten ?? 0),
      ...(kind === "succeeded" ? { endedAt: AT } : {}),
    });
  }
  return [...items.values()];
}

function rowsOf(items: readonly RunListItem[]): RunRow[] {
  return items.map(
    (item) => ({ ...item, progress: { done: item.rowsWritten ?? 0 } }) as unknown as RunRow,
  );
}

function filled(jobs: number, requests: number): { ledger: Ledger; sent: LedgerRequest[] } {
  const ledger = new Ledger(jobs);
  const sent = Array.from({ length: requests }, () => ledger.next(jobs, NOW));
  for (const request of sent) ledger.acknowledge(request);
  return { ledger, sent };
}

describe("Ledger", () => {
  test("finds nothing wrong with a server that shows what it acknowledged", () => {
    const { ledger, sent } = filled(3, 12);
    expect(ledger.verdict(listed(sent))).toEqual({ acknowledged: 36, lost: 0, duplicates: 0 });
    expect(ledger.missingOf(rowsOf(listed(sent)))).toBe(0);
  });

  test("counts every fact that was acknowledged and is not shown", () => {
    const { ledger, sent } = filled(3, 12);
    expect(ledger.verdict(listed(sent.slice(0, -1)))).toMatchObject({ lost: 3 });
    expect(ledger.verdict(listed(sent).slice(1))).toMatchObject({ lost: 3 });
    expect(ledger.missingOf(rowsOf(listed(sent.slice(0, -1))))).toBe(3);
  });

  test("claims nothing of what was never acknowledged", () => {
    const ledger = new Ledger(3);
    const first = ledger.next(3, NOW);
    ledger.acknowledge(first);
    const second = ledger.next(3, NOW);
    expect(ledger.verdict(listed([first]))).toMatchObject({ lost: 0, duplicates: 0 });
    expect(ledger.verdict(listed([first, second]))).toMatchObject({ lost: 0, duplicates: 0 });
  });

  test("counts what is shown twice, or was never sent", () => {
    const { ledger, sent } = filled(2, 4);
    const items = listed(sent);
    expect(ledger.verdict([...items, ...items])).toMatchObject({ duplicates: items.length });
    const [first] = items as [RunListItem];
    const more = { ...first, runKey: "another" };
    expect(ledger.verdict([...items, more])).toMatchObject({ duplicates: 1 });
    const further = items.map((item) => ({ ...item, rowsWritten: 1_000 }));
    expect(ledger.verdict(further)).toMatchObject({ duplicates: items.length });
  });

  test("sends a run's facts in order: start, progress, end, and then the next run", () => {
    const ledger = new Ledger(1);
    const kinds = Array.from({ length: 7 }, () => ledger.next(1, NOW).facts[0]?.kind);
    expect(kinds.join(" ")).toBe("started progress progress progress succeeded started progress");
  });
});
