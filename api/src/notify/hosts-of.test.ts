import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { HostsOf } from "./hosts-of.ts";

test("the host of a receiver is that of its address now, else its own name, however many there are", () => {
  const urls = new Map([["hook", "https://chat.example:8443/secret"]]);
  const hosts = new HostsOf({
    subscription: (id) => ({ endpoint: `https://${id}.push.example/x` }),
    webhook: (id) => (urls.has(id) ? { url: urls.get(id) ?? "" } : null),
  });
  const of = (channel: "webpush" | "webhook", targetId: string) => hosts.of({ channel, targetId });
  for (let n = 0; n <= API_LIMITS.hostsRemembered; n += 1) {
    expect(of("webpush", `${n}`)).toBe(`${n}.push.example`);
  }
  expect([of("webhook", "hook"), of("webhook", "gone")]).toEqual([
    "chat.example:8443",
    "webhook gone",
  ]);
  urls.set("hook", "https://other.example/secret");
  urls.set("odd", "no address");
  expect([of("webhook", "hook"), of("webhook", "odd")]).toEqual(["other.example", "webhook odd"]);
});
