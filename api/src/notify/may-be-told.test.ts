import type { Incident, Role, User } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { type ToldWorld, whyNotTold } from "./may-be-told.ts";

const PAGE = { channel: "webpush", targetId: "device", userId: "ann", receiver: "Ann" } as const;
const HOOK = { channel: "webhook", targetId: "hook", userId: null, receiver: "Chat" } as const;

function incident(teamId: string, ...members: string[]): Incident {
  const cards = members.map((one) => ({ card: { teamId: one } }));
  return { teamId, causeKind: "FAILED", members: cards } as unknown as Incident;
}

function world(
  role: Role | null,
  teamIds: string[] = [],
  more: Partial<ToldWorld> = {},
): ToldWorld {
  const user: User | null = role === null ? null : { userId: "ann", name: "Ann", role, teamIds };
  return {
    userById: (userId) => (userId === "ann" ? user : null),
    subscription: () => ({ userId: "ann" }),
    webhook: () => ({ teamId: null }),
    ...more,
  };
}

describe("who is told is asked again when it is sent [S61]", () => {
  it.each([
    ["on-call", ["lending"], null],
    ["on-call", ["cards"], "Ann may not answer for this incident any more."],
    ["on-call", [], "Ann may not answer for this incident any more."],
    ["team-lead", ["lending"], null],
    ["operations-manager", [], null],
    ["auditor", ["lending"], "Ann may not answer for this incident any more."],
    ["administrator", ["lending"], "Ann may not answer for this incident any more."],
    [null, [], "Ann is no user any more."],
  ] as const)("a page for lending, to the role %s of %j: %s", (role, teamIds, why) => {
    expect(whyNotTold(PAGE, incident("lending"), world(role, [...teamIds]))).toBe(why);
  });

  it("who has a job in it may be told as well", () => {
    const held = incident("lending", "lending", "cards");
    expect(whyNotTold(PAGE, held, world("on-call", ["cards"]))).toBeNull();
  });

  it.each(["administrator", "operations-manager", "on-call"] as const)(
    "a silent source is for those who run Batchwatch: %s",
    (role) => {
      const silent = { ...incident("lending"), causeKind: "SOURCE_SILENT" } as Incident;
      const isTold = whyNotTold(PAGE, silent, world(role, ["lending"])) === null;
      expect(isTold).toBe(role !== "on-call");
    },
  );

  it("a device that changed hands gets nothing that was promised to its owner before", () => {
    const taken = world("on-call", ["lending"], { subscription: () => ({ userId: "ben" }) });
    expect(whyNotTold(PAGE, incident("lending"), taken)).toContain("somebody else's");
    expect(whyNotTold(PAGE, null, taken)).toContain("somebody else's");
  });

  it("a team's webhook is told of that team's incidents only", () => {
    const of = (teamId: string | null) => world(null, [], { webhook: () => ({ teamId }) });
    expect(whyNotTold(HOOK, incident("lending"), of("lending"))).toBeNull();
    expect(whyNotTold(HOOK, incident("lending"), of(null))).toBeNull();
    expect(whyNotTold(HOOK, incident("cards"), of("lending"))).toContain("another team's");
    expect(whyNotTold(HOOK, incident("cards", "cards", "lending"), of("lending"))).toBeNull();
  });
});
