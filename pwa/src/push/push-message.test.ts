import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPush } from "./push-message.ts";
import { card } from "../offline/test-card.ts";
import { payload } from "./test-push.ts";

const ORIGIN = "https://watch.example";

describe("a push", () => {
  it("of a private device names its incident and nothing more", () => {
    const facts = { notificationId: "n-9", incidentId: "i-9", version: 2, kind: "page" };
    const message = readPush(payload({ batchwatch: facts }, { navigate: "/" }), ORIGIN);
    expect(message).toMatchObject({ notificationId: "n-9", tag: "incident-i-9", path: "/" });
    expect(message.incident).toMatchObject({ incidentId: "i-9", since: Number.NaN });
  });

  it("is read with its card, and replaces the message about the same incident", () => {
    const message = readPush(payload(), ORIGIN);
    expect(message).toEqual({
      title: "FAILED GL extract",
      body: "02:14 Settlement file missing. 3 wait.",
      path: "/incidents/i-1?n=n-1",
      tag: "incident-i-1",
      silent: false,
      notificationId: "n-1",
      badge: 3,
      incident: {
        incidentId: "i-1",
        version: 4,
        kind: "page",
        isTaken: false,
        since: Date.parse("2026-11-11T02:14:00Z"),
        card: { notificationId: "n-1", ...card() },
      },
    });
  });

  it("of a private device says that somebody has it, not who", () => {
    const takenOf = (taken: boolean) => {
      const facts = { notificationId: "n-9", incidentId: "i-9", version: 2, kind: "update", taken };
      return readPush(payload({ batchwatch: facts }), ORIGIN).incident?.isTaken;
    };
    expect([takenOf(true), takenOf(false)]).toEqual([true, false]);
  });

  it("without a card, as in private mode, keeps its own tag", () => {
    const message = readPush(payload({ batchwatch: undefined }), ORIGIN);
    expect(message).toMatchObject({ incident: null, tag: "n-1", notificationId: "n-1" });
  });

  it.each([
    ["https://evil.example/incidents/i-1"],
    ["//evil.example/x"],
    ["https://watch.example//evil.example"],
    ["https://user@watch.example/x"],
    ["javascript:alert(1)"],
    ["data:text/html,x"],
    ["http://watch.example/x"],
    ["https://watch.example.evil.example/x"],
    [7],
    [`/${"x".repeat(600)}`],
  ])("leads nowhere but to this origin: %s", (navigate) => {
    const message = readPush(payload({}, { navigate }), ORIGIN);
    expect(message.path).toBe("/incidents/i-1?n=n-1");
    const bare = readPush(payload({ batchwatch: undefined }, { navigate }), ORIGIN);
    expect(bare).toMatchObject({ path: "/", notificationId: null });
  });

  it("is plain words on one line, whatever it holds", () => {
    const title = "FAILED\n\u202Etxe\u0007 <b>x</b>";
    const message = readPush(payload({}, { title, body: "a".repeat(5_000) }), ORIGIN);
    expect(message.title).toBe("FAILED  txe  <b>x</b>");
    expect(message.body).toHaveLength(400);
  });

  it("knows no incident by a strange id or version", () => {
    for (const more of [{ version: "7" }, { version: -1 }, { incidentId: "../i" }]) {
      const message = readPush(payload({ batchwatch: { ...card(), ...more } }), ORIGIN);
      expect(message).toMatchObject({ title: "FAILED GL extract", incident: null });
    }
  });

  it("is always something to show, and a path of ours", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((value) => JSON.stringify({ notification: value, batchwatch: value })),
      fc
        .record({ title: fc.string(), navigate: fc.string(), tag: fc.anything() })
        .map((notification) => JSON.stringify({ notification })),
    );
    fc.assert(
      fc.property(fc.option(anything), (text) => {
        const message = readPush(text ?? null, ORIGIN);
        expect(message.title).not.toBe("");
        expect(message.tag).not.toBe("");
        expect(new URL(message.path, ORIGIN).origin).toBe(ORIGIN);
        expect(message.path.startsWith("//")).toBe(false);
      }),
    );
  });
});
