import { describe, expect, it } from "vitest";
import { CHANGE_KINDS, type ChangeKind } from "../model/change-request.ts";
import { ROLES, type Role, type User } from "../model/people.ts";
import { areApproversOne, canApprove, mayAsk, mayBreakGlass, whyNotDecide } from "./who-decides.ts";

const someone = (role: Role, ...teamIds: string[]): User => ({
  userId: "u1",
  name: "Duty Operator",
  role,
  teamIds,
});
const BY = (userId: string, hands = userId) => ({ requestedBy: userId, requestedHands: hands });
const OF_A_TEAM: ReadonlySet<ChangeKind> = new Set([
  "job-configure",
  "job-rename",
  "job-retire",
] as const);
const BY_ADMINISTRATORS: ReadonlySet<ChangeKind> = new Set([
  "user-add",
  "user-change",
  "user-remove",
  "retention-set",
] as const);

describe.each(CHANGE_KINDS)("%s", (kind) => {
  it.each(ROLES)("as %s [EYES-1]", (role) => {
    const own = someone(role, "ledger");
    const leads = role === "team-lead" && OF_A_TEAM.has(kind);
    const both = role === "administrator" || role === "operations-manager";
    const asks = role === "administrator" || (both && !BY_ADMINISTRATORS.has(kind)) || leads;
    expect(mayAsk(own, { kind, teamId: "ledger" })).toBe(asks);
    const request = { kind, teamId: "ledger", ...BY("u2") };
    expect(whyNotDecide(own, request)).toBe(both || leads ? null : "may_not_decide");
    const foreign = { ...request, teamId: "payments" };
    expect(whyNotDecide(own, foreign)).toBe(both ? null : "may_not_decide");
    expect(mayAsk(own, foreign)).toBe(asks && !leads);
    const nobodys = { ...request, teamId: null };
    expect(whyNotDecide(own, nobodys)).toBe(both ? null : "may_not_decide");
  });

  it.each(ROLES)("who asked decides nothing, as %s or anything else [EYES-2]", (role) => {
    const request = { kind, teamId: "ledger", ...BY("u1") };
    expect(whyNotDecide(someone(role, "ledger"), request)).toBe("own_request");
  });
});

it("a rename that takes in a job is for the leads of both teams [EYES-1]", () => {
  const joins = { kind: "job-rename", teamId: "ledger", joinsTeamId: "payments" } as const;
  const request = { ...joins, ...BY("u2") };
  expect(whyNotDecide(someone("team-lead", "ledger"), request)).toBe("may_not_decide");
  expect(whyNotDecide(someone("team-lead", "payments"), request)).toBe("may_not_decide");
  expect(whyNotDecide(someone("team-lead", "ledger", "payments"), request)).toBeNull();
  expect(whyNotDecide(someone("operations-manager"), request)).toBeNull();
  expect(mayAsk(someone("team-lead", "ledger"), joins)).toBe(false);
  expect(mayAsk(someone("team-lead", "ledger", "payments"), joins)).toBe(true);
});

it("nor do accounts that the same hands could be in, as they were when it was asked for [EYES-2]", () => {
  const request = (hands: string) =>
    ({ kind: "job-configure", teamId: "ledger", ...BY("u2", hands) }) as const;
  const own = someone("administrator");
  const letIn = (by: string) => ({ ...own, letInBy: by });
  expect(whyNotDecide(letIn("u2"), request("u2"))).toBe("same_hands");
  expect(whyNotDecide(letIn("u3"), request("u2"))).toBeNull();
  expect(whyNotDecide(own, request("u1"))).toBe("same_hands");
  expect(whyNotDecide(letIn("u3"), request("u3"))).toBe("same_hands");
  expect(whyNotDecide(own, request("u3"))).toBeNull();
});

it("several accounts that could approve may be one person [EYES-2]", () => {
  const first = someone("administrator");
  const letIn: User = { ...someone("operations-manager"), userId: "u2", letInBy: "u1" };
  const own: User = { ...someone("operations-manager"), userId: "u2" };
  const lead: User = { ...someone("team-lead"), userId: "u3" };
  expect(areApproversOne([first, letIn])).toBe(true);
  expect(areApproversOne([first, letIn, lead])).toBe(true);
  expect(areApproversOne([first, own])).toBe(false);
  expect(areApproversOne([first, lead])).toBe(false);
  expect(areApproversOne([])).toBe(false);
});

it("a team lead is among those who approve, and breaks no glass [EYES-7, EYES-8]", () => {
  expect(ROLES.filter(canApprove)).toEqual(["operations-manager", "team-lead", "administrator"]);
  expect(ROLES.filter((role) => mayBreakGlass(someone(role)))).toEqual([
    "operations-manager",
    "administrator",
  ]);
});
