import { expect, test } from "vitest";
import { isWebhookSecret, newWebhookSecret, signedHeaders } from "./standard-webhook.ts";

test("the specification's own example is signed as it says", () => {
  // Standard Webhooks, reference libraries: secret, id, time and body of their common test.
  const body = Buffer.from('{"test": 2432232314}');
  expect(
    signedHeaders(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330_000,
      body,
    ),
  ).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("a secret is 32 random bytes, and what is none is told", () => {
  const secret = newWebhookSecret();
  expect(isWebhookSecret(secret)).toBe(true);
  expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
  expect(newWebhookSecret()).not.toBe(secret);
  for (const one of [
    "",
    "whsec_",
    "whsec_AAAA",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    `${secret}!`,
  ]) {
    expect(isWebhookSecret(one)).toBe(false);
  }
});
