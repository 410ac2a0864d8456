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
    returnedAt: () => null,
    alertsOn: true,
    pushOn: true,
    zone: "UTC",
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
  const { directory, paged } = listing(() => [deviceOf(owner)]);
  expect(await paged()).toEqual(["a"]);
  owner = "b";
  expect(await paged()).toEqual(["b"]);
  expect(directory.peopleOf("lending").map(({ person }) => person.userId)).toEqual(["a"]);
  // Who has an incident is reached on a list or not.
  expect(directory.pageableOf("b")).toMatchObject({ devices: ["phone-of-b"] });
  expect(directory.pageableOf("nobody")).toBeNull();
});

test("a device that was refused is tried, and does not keep the others from following", async () => {
  let trouble: string | null = null;
  const { directory, paged } = listing(() => [{ ...deviceOf("a"), trouble }, deviceOf("b")]);
  expect([await paged(), directory.workingDevices("a")]).toEqual([["a"], 1]);
  trouble = "push.example answered 403";
  expect([await paged(), directory.workingDevices("a")]).toEqual([["a", "b"], 0]);
});

test("a device is told times in its own zone, and in the server's where it has not said one", async () => {
  const directory = new ReceiverDirectory({
    receivers: {
      subscriptions: async () => [{ ...deviceOf("a"), zone: "Asia/Kolkata" }, deviceOf("b")],
      webhooks: async () => [],
      oncall: async () => [],
    },
    people: { users: () => [], sourceById: () => null },
    returnedAt: () => null,
    alertsOn: true,
    pushOn: true,
    zone: "Europe/Berlin",
  });
  await directory.refresh();
  expect(["phone-of-a", "phone-of-b"].map((id) => directory.zoneOf(id))).toEqual([
    "Asia/Kolkata",
    "Europe/Berlin",
  ]);
});

/** A list of which A is the only one and B the lead of the team; `paged` tells whose devices are paged, each as often. */
function listing(subscriptions: () => PushSubscriptionRow[]) {
  const directory = new ReceiverDirectory({
    receivers: {
      subscriptions: async () => subscriptions(),
      webhooks: async () => [],
      oncall: async () => [{ teamId: "lending", userIds: ["a"] }],
    },
    people: {
      users: () => [user("a", "on-call", "lending"), user("b", "team-lead", "lending")],
      sourceById: () => null,
    },
    returnedAt: () => null,
    alertsOn: true,
    pushOn: true,
    zone: "UTC",
  });
  const paged = async () => {
    await directory.refresh();
    const { people } = directory.policyOf("lending");
    return people.flatMap(({ person, devices }) => devices.map(() => person.userId));
  };
  return { directory, paged };
}

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
  zone: null,
});
