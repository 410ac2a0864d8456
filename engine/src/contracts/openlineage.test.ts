import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Fact } from "../model/fact.ts";
import type { Admitted, AdmitRequest } from "./admit-types.ts";
import { admit } from "./admit.ts";
import { factsOf, sampleSource } from "./test-source.ts";

const RECEIVED = Date.UTC(2026, 0, 31, 12);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const data = process.env["BATCHWATCH_TEST_DATA"] ?? join(root, "../shared/data");
const replay = join(data, "openlineage/replay.ndjson");
const hasReplay = existsSync(replay);
const RUN_ID = "4d3b8069-69b6-4708-ade0-3275112c9f04";

function send(body: unknown, contract: AdmitRequest["contract"] = "openlineage"): Admitted {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return admit({
    contract,
    bytes,
    source: sampleSource({ zone: "Europe/Berlin" }),
    receivedAt: RECEIVED,
  });
}

const note = (text: string): Fact | undefined =>
  factsOf(
    send({ eventTime: "2026-01-31T11:00:00Z", dataset: { namespace: "n", name: "d" }, text }),
  )[0];

const EVENT = {
  eventType: "FAIL",
  eventTime: "2026-01-31T11:00:00Z",
  producer: "https://example.org",
  run: {
    runId: RUN_ID,
    facets: {
      nominalTime: { nominalStartTime: "2026-01-30T23:30:00Z" },
      parent: { run: { runId: RUN_ID }, job: { namespace: "n", name: "parent" }, _deleted: null },
      errorMessage: { message: "pwd=hunter2 failed", stackTrace: "at line 1" },
      tags: { tags: [{ key: "password", value: "hunter2" }] },
    },
  },
  job: { namespace: "n", name: "j", facets: { ownership: { owners: [{ name: "team:Ledger" }] } } },
  outputs: [
    { namespace: "n", name: "t", outputFacets: { outputStatistics: { rowCount: 5, size: 9 } } },
  ],
};

describe("OpenLineage", () => {
  it("reads a run event with its facets", () => {
    const admitted = send(EVENT);
    expect(admitted.reply).toEqual({ status: 201, body: null });
    expect(factsOf(admitted)).toMatchObject([
      {
        kind: "failed",
        teamId: "ledger",
        message: "pwd=[secret] failed",
        nominalAt: Date.UTC(2026, 0, 30, 23, 30),
        businessDate: "2026-01-31",
        businessDateOrigin: "NOMINAL",
        parent: { name: "parent", runKey: RUN_ID },
        outputs: [{ namespace: "n", name: "t", rows: 5, bytes: 9 }],
        params: { password: "[secret]" },
      },
    ]);
    expect(JSON.stringify(factsOf(admitted))).not.toContain("at line 1");
  });

  it.each([
    [{ eventTime: undefined }, "missing_field", "eventTime"],
    [{ run: undefined }, "missing_field", "run"],
    [{ run: { runId: "1" } }, "invalid_run_id", "run.runId"],
    [{ job: { namespace: "n" } }, "missing_field", "job.name"],
    [{ eventType: "DONE" }, "invalid_event_type", "eventType"],
  ])("answers 400 and names the field: %j", (change, code, field) => {
    expect(send({ ...EVENT, ...change }).reply).toMatchObject({
      status: 400,
      body: { code, field },
    });
  });

  it("keeps a note masked, and only its identity when it is too large", () => {
    expect(note("a@b.example")).toMatchObject({
      type: "lineage",
      body: expect.stringContaining("[email]"),
    });
    const large = note("x".repeat(70_000));
    expect(large?.type === "lineage" && JSON.parse(large.body)).toMatchObject({
      dataset: { namespace: "n", name: "d" },
    });
  });

  it("answers a batch in the client's form", () => {
    expect(send([EVENT], "openlineage-batch").reply).toEqual({ status: 204, body: null });
    expect(send([EVENT, {}], "openlineage-batch").reply).toMatchObject({
      status: 200,
      body: {
        status: "partial_success",
        summary: { received: 2, successful: 1, failed: 1 },
        failed_events: [{ index: 1, retriable: false }],
      },
    });
    expect(send(EVENT, "openlineage-batch").reply.status).toBe(400);
  });

  it.skipIf(!hasReplay)(
    `accepts all published events${hasReplay ? "" : ` (no test data at ${data})`}`,
    () => {
      const events = readFileSync(replay, "utf8").trim().split("\n");
      const facts = events.flatMap((line) => {
        const admitted = send(JSON.parse(line));
        expect(admitted.reply.status).toBe(201);
        return factsOf(admitted);
      });
      expect(facts.filter((fact) => fact.type === "observation")).toHaveLength(74);
      expect(facts.filter((fact) => fact.type === "lineage")).toHaveLength(2);
    },
  );
});
