import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOver, readCard } from "./received-card.ts";
import { card } from "./test-card.ts";

describe("a received incident card", () => {
  it("is kept as it came", () => {
    expect(readCard(card())).toEqual(card());
    expect(readCard(JSON.parse(JSON.stringify(card({ firstStep: null }))))).toEqual(
      card({ firstStep: null }),
    );
  });

  it.each([
    ["version", "7"],
    ["version", -1],
    ["jobs", 1.5],
    ["kind", "constructor"],
    ["severity", "toString"],
    ["since", "yesterday"],
    ["title", undefined],
    ["message", 7],
    ["incidentId", null],
  ])("is dropped with a hole: %s is %o", (name, value) => {
    expect(readCard({ ...card(), [name]: value })).toBeNull();
  });

  it("holds plain words, and a runbook only at a web address", () => {
    const hostile = {
      ...card(),
      jobName: "GL\u202E\u0000 extract\n<img src=x onerror=alert(1)>",
      message: "a".repeat(9_000),
      runbookUrl: "javascript:alert(1)",
    };
    expect(readCard(hostile)).toMatchObject({
      jobName: "GL   extract <img src=x onerror=alert(1)>",
      message: "a".repeat(400),
      runbookUrl: null,
    });
  });

  it.each([
    ["recovered", true],
    ["retracted", true],
    ["page", false],
    ["update", false],
    ["constructor", false],
    [undefined, false],
  ])("of kind %s tells of an end: %s, also with a hole", (kind, expected) => {
    expect(isOver({ ...card(), kind })).toBe(expected);
    expect(isOver({ kind })).toBe(expected);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readCard(value)).toBeNull();
      }),
    );
  });
});
