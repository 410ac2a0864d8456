import webpush from "web-push";
import { expect, it } from "vitest";
import { Vapid } from "./vapid.ts";

const HOUR = 3_600_000;
// Long ago: the library refuses a token that ends more than a day from now.
const T0 = Date.parse("2024-11-24T02:00:00.000Z");
const ENDPOINT = new URL("https://push.example/a");

/** When the token of a header ends, epoch ms. */
function endOf(header: string): number {
  const claims = /t=[^.]+\.([^.]+)\./.exec(header)?.[1] ?? "";
  const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number };
  return exp * 1_000;
}

function opened(): Vapid {
  return new Vapid(webpush.generateVAPIDKeys(), "mailto:somebody@bank.example");
}

it("a token is used for half of its life", () => {
  const vapid = opened();
  const first = vapid.authorization(ENDPOINT, T0);
  expect(endOf(first)).toBe(T0 + 12 * HOUR);
  expect(vapid.authorization(ENDPOINT, T0 + 6 * HOUR - 1)).toBe(first);
  expect(endOf(vapid.authorization(ENDPOINT, T0 + 6 * HOUR))).toBe(T0 + 18 * HOUR);
});

it.each([1, 13, 20, 400])("none made by a clock that was %i h ahead is used any more", (hours) => {
  const vapid = opened();
  vapid.authorization(ENDPOINT, T0 + hours * HOUR);
  expect(endOf(vapid.authorization(ENDPOINT, T0))).toBe(T0 + 12 * HOUR);
});
