import { describe, expect, test } from "vitest";
import { admit } from "../contracts/admit.ts";
import type { Source } from "../model/job.ts";
import type { Fact } from "../model/fact.ts";
import { RecordReader } from "../model/record/record-reader.ts";
import { sampleHistory } from "./sample-history.ts";
import { sampleNight } from "./sample-night.ts";

const NOW = Date.UTC(2026, 10, 24, 6);
const SOURCE: Source = {
  sourceId: "sample",
  name: "sample-bank",
  contract: "native",
  environment: "TEST",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: ["businessDate"],
  pagingMode: "WATCHING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
};

const reader = new RecordReader();

/** The facts that intake makes of them; fails when it refuses one. */
function factsOf(bodies: readonly unknown[], receivedAt: number): readonly Fact[] {
  const admitted = admit({
    contract: "native",
    bytes: new TextEncoder().encode(JSON.stringify(bodies)),
    contentType: "application/json",
    source: SOURCE,
    receivedAt,
  });
  expect(admitted.rejections).toEqual([]);
  expect(admitted.reply.status).toBe(202);
  expect(admitted.accepted).toBe(bodies.length);
  return admitted.records.flatMap(({ bytes, partition }) =>
    reader.read(bytes, partition).flatMap((section) => section.facts),
  );
}

describe("the sample at the door", () => {
  test("every observation is taken as it is when it is sent", () => {
    const night = sampleNight({ seed: 7, businessDate: "2026-11-23", startsAt: NOW });
    for (const { at, body } of night) {
      const [fact] = factsOf([body], at);
      expect(fact).toMatchObject({ type: "observation", teamId: body.job.team });
      expect(fact).not.toHaveProperty("clamped");
      expect(fact).not.toHaveProperty("historical");
      if (body.params !== undefined) expect(fact).toHaveProperty("businessDate", "2026-11-23");
    }
  });

  test("its card number and its address are masked", () => {
    const night = sampleNight({ seed: 7, businessDate: "2026-11-23", startsAt: NOW });
    const refused = night.filter((item) => item.body.message?.includes("4111") === true);
    expect(refused.length).toBeGreaterThan(0);
    for (const { at, body } of refused) {
      const text = JSON.stringify(factsOf([body], at));
      expect(text).not.toContain("4111 1111");
      expect(text).not.toContain("cardholder@example.com");
      expect(text).toContain("is not in the card register");
    }
  });

  test("its history is history", () => {
    const history = sampleHistory({ seed: 7, nights: 3, before: NOW });
    const facts = factsOf(history, NOW);
    expect(facts).toHaveLength(history.length);
    for (const fact of facts) expect(fact).toHaveProperty("historical", true);
  });
});
