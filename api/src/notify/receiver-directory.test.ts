import type { PushSubscriptionRow, User } from "@batchwatch/engine";
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
    people: { users: () => users, sourceById: () => null },
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

test("where the last device of a list is gone, those who can be woken are paged", async () => {
  let owner = "a";
  const directory = new ReceiverDirectory({
    receivers: {
      subscriptions: async () => [deviceOf(owner)],
      webhooks: async () => [],
      oncall: async () => [{ teamId: "lending", userIds: ["a"] }],
    },
    people: {
      users: () => [user("a", "on-call", "lending"), user("b", "team-lead", "lending")],
      sourceById: () => null,
    },
    alertsOn: true,
    pushOn: true,
  });
  const paged = async () => {
    await directory.refresh();
    const { people } = directory.policyOf("lending");
    return people.flatMap(({ person, devices }) => devices.map(() => person.userId));
  };
  expect(await paged()).toEqual(["a"]);
  owner = "b";
  expect(await paged()).toEqual(["b"]);
  expect(directory.peopleOf("lending").map(({ person }) => person.userId)).toEqual(["a"]);
  // Who has an incident is reached on a list or not.
  expect(directory.pageableOf("b")).toMatchObject({ devices: ["phone-of-b"] });
  expect(directory.pageableOf("nobody")).toBeNull();
});

const deviceOf = (userId: string): PushSubscriptionRow => ({
  subscriptionId: `phone-of-${userId}`,
  userId,
  endpoint: "https://push.example/a",
  p256dh: "",
  auth: "",
  label: "Phone",
  isPrivate: false,
  createdAt: 0,
  lastSentAt: null,
  lastShownAt: null,
  trouble: null,
  consentAt: 0,
  consentWords: "1",
});
