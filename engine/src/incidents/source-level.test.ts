import { expect, it } from "vitest";
import type { BlindInterval } from "../model/blind-interval.ts";
import { DEFAULT_TEAM_ID } from "../model/job.ts";
import { sourceLevel } from "./source-level.ts";

const SILENT: BlindInterval = {
  intervalId: "i",
  sourceId: "s-1",
  reason: "SOURCE_SILENT",
  from: Date.UTC(2026, 10, 24, 2, 14),
  until: null,
};

it("a source's silence is a level that holds until it is heard of again [B18]", () => {
  const source = { name: "core-bank", teamId: "payments" };
  expect(sourceLevel(SILENT, source)).toMatchObject({
    rule: "source-silent",
    subject: "source:s-1",
    holds: true,
    since: SILENT.from,
    card: { jobId: null, jobName: "core-bank", teamId: "payments", tier: 2 },
  });
  expect(sourceLevel({ ...SILENT, until: SILENT.from + 1 }, source)).toEqual({
    rule: "source-silent",
    subject: "source:s-1",
    holds: false,
    since: SILENT.from + 1,
    ending: "cleared",
  });
});

it("a source that was removed meanwhile is nobody's in particular", () => {
  expect(sourceLevel(SILENT, null)).toMatchObject({
    card: { jobName: "a source", teamId: DEFAULT_TEAM_ID },
  });
});

it.each(["DOWNTIME", "PAUSED"] as const)("our own %s is no source's silence", (reason) => {
  expect(sourceLevel({ ...SILENT, reason }, null)).toBeNull();
  expect(sourceLevel({ ...SILENT, sourceId: null }, null)).toBeNull();
});
