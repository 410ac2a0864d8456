import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit } from "../contracts/admit.ts";
import type { JournalRecord } from "../model/fact.ts";
import type { Source } from "../model/job.ts";
import { World } from "./test-world.ts";

const DATA = process.env["BATCHWATCH_TEST_DATA"] ?? "../shared/data";
const FILE = join(DATA, "openlineage", "replay.ndjson");
const RECEIVED_AT = Date.parse("2026-11-24T02:00:00.000Z");

const source: Source = {
  sourceId: "lineage",
  name: "lineage",
  contract: "openlineage",
  environment: "PROD",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: [],
  pagingMode: "WATCHING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
};

function recordsOf(line: string): readonly JournalRecord[] {
  const admitted = admit({
    contract: "openlineage",
    bytes: Buffer.from(line),
    contentType: "application/json",
    source,
    receivedAt: RECEIVED_AT,
  });
  expect(admitted.reply.status).toBe(201);
  return admitted.records;
}

/** What is stored after these requests, cut at the given places as a slower shard would. */
function stored(requests: readonly (readonly JournalRecord[])[], cutEvery: number): unknown {
  const world = new World();
  for (const [index, records] of requests.entries()) {
    world.appendRecords(records);
    if (index % cutEvery === 0) world.settle();
  }
  world.settle();
  return {
    runs: [...world.runs].sort(([a], [b]) => (a < b ? -1 : 1)),
    notes: [...world.notes].sort(),
    jobs: [...world.states.keys()].sort(),
  };
}

describe.runIf(existsSync(FILE))("the given OpenLineage events [B1, I2]", () => {
  const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").trim().split("\n") : [];

  it("replay in order, shuffled and doubled to the same rows", () => {
    expect(lines).toHaveLength(76);
    const requests = lines.map(recordsOf);
    const inOrder = stored(requests, 1_000) as {
      runs: unknown[];
      notes: unknown[];
      jobs: unknown[];
    };
    expect(inOrder.notes).toHaveLength(2);
    expect(inOrder.jobs).toHaveLength(37);
    expect(inOrder.runs.length).toBeGreaterThanOrEqual(37);
    const everything = [...requests, ...requests];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(everything, {
          minLength: everything.length,
          maxLength: everything.length,
        }),
        fc.integer({ min: 1, max: 40 }),
        (shuffled, cutEvery) => {
          expect(stored(shuffled, cutEvery)).toEqual(inOrder);
        },
      ),
      { numRuns: 60 },
    );
  });
});

if (!existsSync(FILE))
  it.skip("the given OpenLineage events: no data at BATCHWATCH_TEST_DATA", () => {});
