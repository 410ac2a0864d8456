import { expect, test } from "vitest";
import { linkOf, mayFollowLink } from "./links.ts";
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
