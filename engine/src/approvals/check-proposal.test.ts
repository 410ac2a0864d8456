import { describe, expect, it, test } from "vitest";
import type { ProposedChange } from "../model/change-request.ts";
import { checkedProposal } from "./check-proposal.ts";
import { EVERY_CHANGE } from "./test-changes.ts";

const source = { contract: "native", environment: "PROD", zone: "UTC", teamName: null } as const;
const refused: readonly [string, ProposedChange, string][] = [
  [
    "a tier",
    { kind: "job-configure", payload: { jobId: "j", change: { tier: 9 as never } } },
    "tier",
  ],
  ["a name", { kind: "job-rename", payload: { jobId: "j", name: "", namespace: "n" } }, "name"],
  ["a zone", { kind: "source-add", payload: { ...source, name: "s", zone: "Mars/Base" } }, "zone"],
  ["a source's name", { kind: "source-add", payload: { ...source, name: " " } }, "name"],
  ["a team", { kind: "source-add", payload: { ...source, name: "s", teamName: "!!" } }, "teamName"],
  [
    "a field",
    { kind: "masking-exception", payload: { sourceId: "s", field: "", kinds: ["card"] } },
    "field",
  ],
  [
    "a long field",
    {
      kind: "masking-exception",
      payload: { sourceId: "s", field: "x".repeat(101), kinds: ["card"] },
    },
    "field",
  ],
  [
    "a kind",
    {
      kind: "masking-exception",
      payload: { sourceId: "s", field: "f", kinds: ["name" as never] },
    },
    "kinds",
  ],
  [
    "a person's name",
    { kind: "user-add", payload: { name: "a\nb", role: "on-call", teamNames: [] } },
    "name",
  ],
  [
    "a person's team",
    { kind: "user-change", payload: { userId: "u", role: "on-call", teamNames: ["ok", "?"] } },
    "teamNames[1]",
  ],
  ["days", { kind: "retention-set", payload: { what: "runs", days: 0 } }, "days"],
  [
    "days of the audit trail",
    { kind: "retention-set", payload: { what: "audit", days: 364 } },
    "days",
  ],
  ["days of incidents", { kind: "retention-set", payload: { what: "incidents", days: 1 } }, "days"],
];

describe("what is asked for is checked before it waits", () => {
  it.each(refused)("%s", (_name, change, field) => {
    expect(() => checkedProposal(change)).toThrow(
      expect.objectContaining({ name: "ChangeRefused", field }),
    );
  });

  it.each([
    ["audit", 365],
    ["runs", 1],
    ["incidents", null],
  ] as const)("%s may be kept for %s days", (what, days) => {
    const change = { kind: "retention-set", payload: { what, days } } as const;
    expect(checkedProposal(change)).toEqual(change);
  });

  it("and kept in one form, which stays the same when it is checked again", () => {
    const untidy = {
      kind: "user-add",
      payload: { name: " A ", role: "on-call", teamNames: [" L "] },
    };
    expect(checkedProposal(untidy as ProposedChange).payload).toMatchObject({
      name: "A",
      teamNames: ["L"],
    });
    for (const { change } of EVERY_CHANGE) {
      const checked = checkedProposal(change);
      expect(checkedProposal(checked)).toEqual(checked);
    }
  });
});

test("kinds are in one order, and none is twice", () => {
  const kinds = ["email", "card", "card"] as const;
  const change = { kind: "masking-exception", payload: { sourceId: "s", field: " f ", kinds } };
  expect(checkedProposal(change as ProposedChange).payload).toEqual({
    sourceId: "s",
    field: "f",
    kinds: ["card", "email"],
  });
});

test("a secret is kept by no exception", () => {
  const payload = { sourceId: "s", field: "f", kinds: ["secret"] };
  const change = { kind: "masking-exception", payload } as unknown as ProposedChange;
  expect(() => checkedProposal(change)).toThrow("secrets are always hidden");
});
