import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { openJournalWriter } from "@batchwatch/db/journal";
import type { Reading } from "../figure.ts";
import { LatencyHistogram } from "../histogram.ts";
import { pace } from "../pacer.ts";
import { PATHS } from "../paths.ts";

const BLOCK = Buffer.alloc(4_096, 1);

/**
 * What every page pays, however little is done on its way: it waits for the disk twice (the fact, then the promise), and goes over
 * other threads and back three times (log, shard and store, store). Measured at the pace of the single pages, as disk and
 * processor answer otherwise when they are kept busy.
 */
export async function pageFloor(perSecond: number, count: number): Promise<readonly Reading[]> {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-bench-floor-"));
  const file = openSync(join(folder, "blocks"), "w");
  const journal = openJournalWriter(join(folder, "journal.db"));
  const thread = new Worker(PATHS.child("echo-thread"));
  const synced = new LatencyHistogram();
  const committed = new LatencyHistogram();
  const echoed = new LatencyHistogram();
  const record = {
    partition: 0,
    receivedAt: 0,
    contract: "native",
    sourceId: "floor",
    bytes: BLOCK.subarray(0, 300),
  } as const;
  try {
    const echoes: Promise<void>[] = [];
    await pace({ perSecond, count }, () => {
      synced.record(
        tookMs(() => {
          writeSync(file, BLOCK);
          fdatasyncSync(file);
        }),
      );
      committed.record(tookMs(() => journal.append([record])));
      echoes.push(echo(thread, echoed));
    });
    await Promise.all(echoes);
  } finally {
    closeSync(file);
    journal.close();
    await thread.terminate();
    await rm(folder, { recursive: true, force: true });
  }
  return [
    ...readingsOf("4 KiB appended and synced", synced),
    ...readingsOf("one record committed to a journal", committed),
    ...readingsOf("a message to a thread and back", echoed),
  ];
}

function tookMs(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

async function echo(thread: Worker, latencies: LatencyHistogram): Promise<void> {
  const from = performance.now();
  const back = once(thread, "message");
  thread.postMessage(from);
  await back;
  latencies.record(performance.now() - from);
}

function readingsOf(what: string, latencies: LatencyHistogram): readonly Reading[] {
  return [50, 99].map((percentile) => ({
    name: `floor, p${percentile}, ${what}`,
    unit: "ms",
    value: latencies.percentileMs(percentile),
    better: "lower",
  }));
}
