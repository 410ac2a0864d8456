import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openJournalWriter } from "@batchwatch/db/journal";
import type { BoardChange } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { AnnouncedRuns } from "../deadlines/announced-runs.ts";
import { ShardThread } from "../deadlines/shard-thread.ts";
import { LatencyHistogram } from "../histogram.ts";
import { waitUntil } from "../wait-until.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

interface Size {
  readonly runs: number;
  /** From the setting of the graces to the first deadline: time to arm them all. Milliseconds. */
  readonly armMs: number;
}

const USUAL: Size = { runs: 100_000, armMs: 8_000 };
const SIZES: Readonly<Record<Form, Size>> = {
  usual: USUAL,
  long: USUAL,
  smoke: { runs: 1_000, armMs: 1_000 },
};
const BAR_MS = 1_000;
/** Jobs set in one message, and the time between two. */
const PAGE = 1_000;
const PAGE_EVERY_MS = 30;
/** After the last deadline, until the rest is given up. Milliseconds. */
const OVERTIME_MS = 10_000;

/** What became of the deadlines, by the clock of who receives the rows. */
class Flagged {
  readonly latency = new LatencyHistogram();
  early = 0;
  readonly #deadlines: ReadonlyMap<string, number>;
  readonly #flagged = new Set<string>();

  constructor(deadlines: ReadonlyMap<string, number>) {
    this.#deadlines = deadlines;
  }

  get missing(): number {
    return this.#deadlines.size - this.#flagged.size;
  }

  take(rows: readonly BoardChange[], now: number): void {
    for (const row of rows) {
      if (row.kind !== "run" || row.state !== "late") continue;
      const deadline = this.#deadlines.get(row.executionId);
      if (deadline === undefined || this.#flagged.has(row.executionId)) continue;
      this.#flagged.add(row.executionId);
      if (now < deadline) this.early += 1;
      this.latency.record(now - deadline);
    }
  }
}

async function flaggedIn(
  folder: string,
  { seconds, form, say }: ScenarioContext,
): Promise<Flagged> {
  const { runs, armMs } = SIZES[form];
  const announced = new AnnouncedRuns(runs, Date.now());
  const journalPath = join(folder, "journal.db");
  const journal = openJournalWriter(journalPath);
  const end = journal.append(announced.records());
  let onRows: (rows: readonly BoardChange[]) => void = () => {};
  const thread = new ShardThread({ journalPath, end, onRows: (rows) => onRows(rows) });
  try {
    say(`${runs} announced runs are read`);
    await thread.caughtUp;
    const deadlines = { first: Date.now() + armMs, spreadMs: seconds * 1_000 };
    const flagged = new Flagged(announced.deadlines(deadlines));
    onRows = (rows) => flagged.take(rows, Date.now());
    // In pages, as the server tells them: one message of all would keep the thread from everything else.
    const settings = announced.settings(deadlines);
    for (let from = 0; from < settings.length; from += PAGE) {
      thread.tell({ type: "configure", settings: settings.slice(from, from + PAGE) });
      await delay(PAGE_EVERY_MS);
    }
    say(`their deadlines: ${seconds} s`);
    const timeoutMs = deadlines.first + deadlines.spreadMs + OVERTIME_MS - Date.now();
    await waitUntil("Every run is late", timeoutMs, async () =>
      flagged.missing === 0 ? true : null,
    ).catch((error: unknown) => {
      // What is missing then is a figure.
      if (!(error instanceof BenchError)) throw error;
    });
    return flagged;
  } finally {
    await thread.stop();
    journal.close();
  }
}

async function run(context: ScenarioContext): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-bench-"));
  try {
    const { latency, early, missing } = await flaggedIn(folder, context);
    const ms = { unit: "ms", better: "lower" } as const;
    const runs = { unit: "runs", bar: 0, better: "lower" } as const;
    return {
      figures: [
        { name: "p50, deadline → late", value: latency.percentileMs(50), ...ms },
        { name: "p99, deadline → late", value: latency.percentileMs(99), bar: BAR_MS, ...ms },
        { name: "longest, deadline → late", value: latency.percentileMs(100), ...ms },
        { name: "flagged before the deadline", value: early, ...runs },
        { name: "never flagged", value: missing, ...runs },
      ],
      peers: [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const deadline: Scenario = {
  name: "deadline",
  what: "announced start missed → row says late, 100,000 deadlines armed in one shard's thread",
  why: "a job that did not start tells nobody; only the clock can",
  run,
};
