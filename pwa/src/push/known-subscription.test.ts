import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetAccess } from "../offline/access.ts";
import { keepIn } from "../offline/device-store.ts";
import { memoryStore } from "../offline/memory-store.ts";
import { endFormerSubscription } from "./known-subscription.ts";
import { endpointHash } from "./subscription.ts";
import { allowPush, ENDPOINT } from "./test-browser-push.ts";

/** Endpoints that the server wakes the reader through; null: it does not answer. */
let known: readonly string[] | null = [];
let isSubscribed: () => boolean;
beforeEach(() => {
  keepIn(memoryStore());
  forgetAccess();
  ({ isSubscribed } = allowPush());
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address) => {
    if (address === "/auth/refresh") {
      return Response.json({ accessToken: "t", expiresAt: "2099-01-01T00:00:00.000Z" });
    }
    if (known === null) throw new TypeError("Failed to fetch");
    const data = await Promise.all(
      known.map(async (endpoint) => ({ endpointHash: await endpointHash(endpoint) })),
    );
    return Response.json([{ result: { data } }]);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each([
  ["another's ends", "other", true, [ENDPOINT], false],
  ["the reader's own stays on a phone that forgot all else", "nobody", true, [ENDPOINT], true],
  ["what does not wake the reader ends", "nobody", true, ["https://push.example/else"], false],
  ["it stays while the server cannot say", "nobody", true, null, true],
  ["it stays where storage could not be read", "nobody", false, [], true],
] as const)("%s", async (_what, was, isReadable, endpoints, stays) => {
  known = endpoints;
  await endFormerSubscription(was, isReadable);
  expect(isSubscribed()).toBe(stays);
});
