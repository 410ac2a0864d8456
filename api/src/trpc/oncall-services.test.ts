import type { Pageable, User } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { oncallServices } from "./oncall-services.ts";

const user = (userId: string, role: User["role"], ...teamIds: string[]): User => ({
  userId,
  name: `Person ${userId}`,
  role,
  teamIds,
});
const USERS = [
  user("lead", "team-lead", "lending"),
  user("call", "on-call", "lending"),
  user("elsewhere", "on-call", "payments"),
  user("ops", "operations-manager"),
  user("audit", "auditor"),
  user("wall", "display"),
  user("admin", "administrator"),
];
const TEAMS = [
  { teamId: "lending", name: "Lending" },
  { teamId: "payments", name: "Payments" },
];

function services(): ReturnType<typeof oncallServices> {
  let list: readonly string[] = ["call"];
  const pageable = (userId: string): Pageable => ({
    person: { userId, name: `Person ${userId}` },
    devices: [`phone of ${userId}`],
  });
  return oncallServices({
    stores: {
      receivers: {
        setOncall: async (_teamId, userIds) => {
          list = userIds;
        },
      },
    },
    receivers: {
      hasList: (teamId) => teamId === "lending" && list.length > 0,
      peopleOf: (teamId) => (teamId === "lending" ? list : []).map(pageable),
      workingDevices: (userId) => (userId === "call" ? 1 : 0),
    },
    people: { users: () => USERS },
    teams: async () => TEAMS,
    changed: async () => {},
    now: () => 0,
  });
}
const ids = (people: readonly { readonly userId: string }[] | undefined) =>
  people?.map(({ userId }) => userId);

test("whoever may answer for the team and is not on its list is a candidate", async () => {
  const [lending, payments] = await services().now({ teamIds: "all", payload: true });
  expect(lending?.people).toEqual([{ userId: "call", name: "Person call", devices: 1 }]);
  expect(ids(lending?.candidates)).toEqual(["lead", "ops"]);
  expect(lending?.candidates?.[0]).toEqual({ userId: "lead", name: "Person lead", devices: 0 });
  expect(ids(payments?.candidates)).toEqual(["elsewhere", "ops"]);
});

test("only the teams of the scope are named; a list that was set is answered as it is", async () => {
  const oncall = services();
  const scope = { teamIds: ["payments"], payload: true };
  expect((await oncall.now(scope)).map(({ teamId }) => teamId)).toEqual(["payments"]);
  const answer = await oncall.setList(user("ops", "operations-manager"), "lending", ["ops"]);
  expect(answer).toHaveLength(1);
  expect(answer[0]).toMatchObject({ teamId: "lending", origin: "SET" });
  expect(ids(answer[0]?.people)).toEqual(["ops"]);
  expect(ids(answer[0]?.candidates)).toEqual(["lead", "call"]);
});

test.each(["audit", "wall", "admin", "elsewhere"])(
  "%s cannot answer for the team: the list is refused, and stays",
  async (userId) => {
    const oncall = services();
    const by = user("ops", "operations-manager");
    await expect(oncall.setList(by, "lending", ["ops", userId])).rejects.toMatchObject({
      code: "cannot_answer",
      message: `userIds: Person ${userId} cannot see or acknowledge the incidents of lending.`,
    });
    const [lending] = await oncall.now({ teamIds: ["lending"], payload: true });
    expect(ids(lending?.people)).toEqual(["call"]);
  },
);
