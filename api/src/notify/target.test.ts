import { describe, expect, test } from "vitest";
import { checkPushEndpoint } from "./push-endpoint.ts";
import { pushTargetOf } from "./target.ts";

const refusal = (url: string, named: readonly string[] = []) => {
  const target = pushTargetOf(url, named);
  return "refused" in target ? target.refused : null;
};

describe("push endpoints", () => {
  test.each([
    "https://fcm.googleapis.com/fcm/send/abc",
    "https://FCM.googleapis.com:443/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/QO5x",
    "https://wns2-am3p.notify.windows.com/w/?token=abc",
  ])("%s is a browser's", (url) => {
    expect(refusal(url)).toBeNull();
  });

  test.each([
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com./x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://xfcm.googleapis.com/x",
    "https://evil.fcm.googleapis.com/x",
    "https://storage.googleapis.com/x",
    "https://evilpush.services.mozilla.com/x",
    "https://push.services.mozilla.com/x",
    "https://evil-push.apple.com/x",
    "https://push.apple.com.evil.example/x",
    "https://evil.example/.push.apple.com",
    "https://evil.example#.push.apple.com",
    "https://evil.example?.push.apple.com",
    "https://evil.example\\.push.apple.com",
    "https://evil.example%2f.push.apple.com/x",
    "https://web.push.apple.com@evil.example/x",
    "https://user:word@web.push.apple.com/x",
    "https://web.push.apple.com。evil.example/x",
    "https://web.push.аpple.com/x",
    "https://xn--web.push.xn--pple-43d.com/x",
    "https://notify.windows.com/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/x",
    "https://localhost/x",
    "https://2130706433/x",
    "data:text/plain,x",
    "https://",
    "",
  ])("%s is not", (url) => {
    expect(refusal(url)).not.toBeNull();
  });

  test("nothing of the path, which is a secret, is repeated", () => {
    expect(refusal("https://evil.example/secret-path?token=hush")).toBe(
      "evil.example is not the push service of a known browser, and not one of BATCHWATCH_PUSH_ALLOWED_HOSTS",
    );
  });

  test("a host that the operator named is one too, at its port", () => {
    expect(refusal("https://localhost:9601/wpush/x", ["localhost:9601"])).toBeNull();
    expect(refusal("https://localhost:9602/wpush/x", ["localhost:9601"])).not.toBeNull();
    expect(refusal("https://push.bank.example/x", ["push.bank.example"])).toBeNull();
    expect(refusal("https://u@push.bank.example/x", ["push.bank.example"])).not.toBeNull();
  });
});

describe("before a subscription is saved", () => {
  const apple = "https://web.push.apple.com/QO5x";
  const known = { troubleWith: () => null };
  const check = (endpoint: string, vapid: Parameters<typeof checkPushEndpoint>[2]) => () =>
    checkPushEndpoint(endpoint, ["localhost"], vapid);

  test("a push service that may be called and will know us is taken", () => {
    expect(check(apple, known)).not.toThrow();
    expect(check("https://localhost:9601/x", known)).not.toThrow();
  });

  test("anything else is refused with the code and the field", () => {
    expect(check("https://evil.example/x", known)).toThrow(
      expect.objectContaining({
        code: "endpoint_refused",
        message: expect.stringMatching(/^endpoint: /),
      }),
    );
    expect(check(apple, { troubleWith: () => "say who you are" })).toThrow("say who you are");
    expect(check(apple, { unavailable: "push is off" })).toThrow("push is off");
  });
});
