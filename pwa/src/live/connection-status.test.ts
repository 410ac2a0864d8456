import fc from "fast-check";
import { expect, test } from "vitest";
import { type ConnectionFacts, connectionStatus } from "./connection-status.ts";

const open: ConnectionFacts = {
  online: true,
  link: "open",
  catchingUp: false,
  polling: false,
  receivedAt: 1_000,
  errorCode: null,
};

test("says live with the age of the data, and stops within 10 s of silence", () => {
  expect(connectionStatus(open, 3_000)).toEqual({ kind: "live", ageMs: 2_000 });
  expect(connectionStatus(open, 10_001)).toEqual({ kind: "reconnecting", asOf: 1_000 });
});

test("names what it is doing otherwise", () => {
  expect(connectionStatus({ ...open, online: false }, 2_000).kind).toBe("offline");
  expect(connectionStatus({ ...open, receivedAt: null }, 2_000).kind).toBe("connecting");
  expect(connectionStatus({ ...open, catchingUp: true }, 2_000).kind).toBe("catching-up");
  expect(connectionStatus({ ...open, link: "lost" }, 2_000).kind).toBe("reconnecting");
  expect(connectionStatus({ ...open, link: "lost", polling: true }, 2_000).kind).toBe("live");
});

test("is offline when nobody answers, whatever the browser says", () => {
  const unanswered = { ...open, link: "connecting", errorCode: "NETWORK" } as const;
  expect(connectionStatus(unanswered, 2_000)).toEqual({ kind: "offline", asOf: 1_000 });
  expect(connectionStatus({ ...unanswered, link: "open" }, 2_000).kind).toBe("live");
  expect(connectionStatus({ ...unanswered, polling: true }, 2_000).kind).toBe("live");
  expect(connectionStatus({ ...unanswered, errorCode: "FORBIDDEN" }, 2_000).kind).toBe(
    "catching-up",
  );
});

test("I9: whatever the facts, never live after 10 s without an item", () => {
  const facts = fc.record({
    online: fc.boolean(),
    link: fc.constantFrom("connecting" as const, "open" as const, "lost" as const),
    catchingUp: fc.boolean(),
    polling: fc.boolean(),
    receivedAt: fc.option(fc.nat(100_000)),
    errorCode: fc.constantFrom(null, "NETWORK", "FORBIDDEN"),
  });
  fc.assert(
    fc.property(facts, fc.integer({ min: 10_000, max: 1e7 }), (each, ageMs) => {
      expect(connectionStatus(each, (each.receivedAt ?? 0) + ageMs).kind).not.toBe("live");
    }),
  );
});
