import type { User } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { ReceiverDirectory } from "./receiver-directory.ts";

const user = (userId: string, role: User["role"], ...teamIds: string[]): User => ({
  userId,
  name: `Person ${userId}`,
  role,
  teamIds,
});

test("who was listed and may no longer see or answer the team's incidents is not paged for them", async () => {
  let users = [user("a", "on-call", "lending"), user("b", "on-call", "lending")];
  const directory = new ReceiverDirectory({
    receivers: {
      subscriptions: async () => [],
      webhooks: async () => [],
      oncall: async () => [{ teamId: "lending", userIds: ["a", "b"] }],
    },
    people: { users: () => users, sources: () => [] },
    alertsOn: true,
    pushOn: true,
  });
  const paged = async () => {
    await directory.refresh();
    return directory.policyOf("lending").people.map(({ person }) => person.userId);
  };
  expect(await paged()).toEqual(["a", "b"]);
  users = [user("a", "on-call", "payments"), user("b", "on-call", "lending")];
  expect(await paged()).toEqual(["b"]);
  users = [user("a", "display"), user("b", "on-call", "lending")];
  expect(await paged()).toEqual(["b"]);
  users = [user("a", "auditor"), user("b", "administrator"), user("c", "team-lead", "lending")];
  expect(await paged()).toEqual(["c"]);
});
