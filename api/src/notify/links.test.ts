import { expect, test } from "vitest";
import { mayFollowLink } from "./links.ts";

const receivers = { webhook: (id: string) => (id === "hook" ? {} : null) };
const people = { userById: (id: string) => (id === "user" ? {} : null) };

test.each([
  [{ userId: null, targetId: "hook" }, true],
  [{ userId: null, targetId: "removed" }, false],
  [{ userId: "user", targetId: "phone" }, true],
  [{ userId: "removed", targetId: "hook" }, false],
])("the link of %j may be followed: %s", (to, may) => {
  expect(mayFollowLink(to, receivers, people)).toBe(may);
});
