import { expect, it } from "vitest";
import { incidentChange, incidentRow } from "./incident-row.ts";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, recoveringWith, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0, { message: "Settlement file missing" });
const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();

it("shows what it is about now, who has it, and who is told next", () => {
  const story = new Story();
  const row = () => incidentRow(story.open, story.world);
  story.take([FAILED]);
  expect(row()).toMatchObject({
    key: `incident:${story.open.incidentId}`,
    jobId: "a",
    executionId: "a-run-1",
    message: "Settlement file missing",
    jobs: 1,
    next: { at: at(1), who: "ann" },
  });
  story.after(1);
  expect(row().next).toEqual({ at: at(5), who: "ben" });
  story.do("ben", { type: "acknowledge" });
  expect(row()).toMatchObject({
    acknowledgedBy: { userId: "ben", name: "ben" },
    ackUntil: at(61),
    next: { at: at(61), who: "ben" },
  });
  story.after(60);
  expect(row().next).toEqual({ at: at(71), who: "carla" });
  story.take([recoveringWith(FAILED, 2, T0 + 62 * MINUTE)]);
  story.do("ben", { type: "back-to-bed" });
  expect(row()).toMatchObject({
    state: "RECOVERING",
    recovering: { attempt: 2, startedAt: at(62) },
    next: { at: at(181), who: "ben" },
  });
  const second = alertOf("a", T0 + 90 * MINUTE, { attempt: 2 });
  story.take([second]);
  expect(row()).toMatchObject({ executionId: "a-run-2", since: at(90), openedAt: at(0), jobs: 1 });
});

it("is named after the source where that is the cause", () => {
  const story = new Story();
  story.take(
    ["a", "b", "c"].map((job) => alertOf(job, T0)),
    { sharedSourceId: "source" },
  );
  expect(incidentRow(story.open, story.world)).toMatchObject({
    causeKind: "SHARED_SOURCE",
    jobId: null,
    jobName: "Source source",
    jobs: 3,
    jobIds: ["a", "b", "c"],
    jobTeams: story.open.members.map(({ card }) => card.teamId),
  });
  expect(story.texts).toEqual([["3 JOBS, ONE CAUSE Source source", "Since 02:00 UTC. 3 failed."]]);
});

it("says nobody where nobody is told, and leaves the board when it became part of another", () => {
  const story = new Story(worldOf({ pagingMode: "WATCHING" }));
  story.take([FAILED]);
  expect(incidentRow(story.open, story.world)).toMatchObject({
    untold: "source-watching",
    next: null,
  });
  story.step({ type: "merged", into: "other" });
  expect(incidentChange(story.open, story.world)).toEqual({
    kind: "gone",
    key: `incident:${story.open.incidentId}`,
    teamId: "lending",
  });
});
