import { expect, test } from "vitest";
import { linkOf, mayFollowLink, tagOf, topicOf } from "./links.ts";
import { testNotification } from "./test-notifications.ts";

const receivers = { webhook: (id: string) => (id === "hook" ? {} : null) };
const people = { userById: (id: string) => (id === "user" ? {} : null) };

test.each([
  [{}, {}, "/incidents/incident-1"],
  [{ incidentId: null }, { requestId: "request/1" }, "/more/approvals/request%2F1"],
  [{ incidentId: null }, {}, "/"],
])("a notification with %j and a card with %j leads to its subject", (more, card, path) => {
  const notification = testNotification(more, card);
  expect(linkOf("https://b.example", notification)).toBe(
    `https://b.example${path}?n=notification-1`,
  );
});

test.each([
  [{ userId: null, targetId: "hook" }, true],
  [{ userId: null, targetId: "removed" }, false],
  [{ userId: "user", targetId: "phone" }, true],
  [{ userId: "removed", targetId: "hook" }, false],
])("the link of %j may be followed: %s", (to, may) => {
  expect(mayFollowLink(to, receivers, people)).toBe(may);
});

test("a silent update takes the place of the page on the device, and at the push service only once somebody has it", () => {
  const page = testNotification();
  const update = testNotification({ notificationId: "notification-2" }, { kind: "update" });
  const taken = testNotification({}, { kind: "update", acknowledgedBy: "Second Operator" });
  const ended = testNotification({}, { kind: "recovered" });
  for (const other of [update, taken, ended]) expect(tagOf(other)).toBe(tagOf(page));
  expect(topicOf(update)).toMatch(/^[\w-]{32}$/);
  expect(topicOf(update)).not.toBe(topicOf(page));
  expect(topicOf(testNotification({ notificationId: "3" }, { kind: "update" }))).toBe(
    topicOf(update),
  );
  for (const other of [taken, ended]) expect(topicOf(other)).toBe(topicOf(page));
  // The same of a part of the incident, whose page waits under its own name [INC-24].
  const ofPart = { incidentId: "whole" };
  const inPlace = { acknowledgedBy: "Second Operator", replaces: page.incidentId ?? "" };
  for (const card of [
    { kind: "update", ...inPlace },
    { kind: "recovered", ...inPlace },
  ] as const) {
    const other = testNotification(ofPart, card);
    expect([tagOf(other), topicOf(other)]).toEqual([tagOf(page), topicOf(page)]);
    expect(linkOf("https://b.example", other)).toContain("/incidents/whole");
  }
});
