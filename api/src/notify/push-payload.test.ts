import { NOTIFICATION_KINDS, type NotificationCard } from "@batchwatch/engine";
import { assert, constantFrom, option, property, record, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { type PushPayloadOptions, pushPayload } from "./push-payload.ts";
import { testCard, testNotification } from "./test-notifications.ts";

const OPTIONS: PushPayloadOptions = {
  link: "https://batch.bank.example/incidents/incident-1?n=notification-1",
  tag: "topic",
  isPrivate: false,
  zone: "UTC",
  badge: 3,
  bytes: API_LIMITS.pushTextBytes,
};

const read = (bytes: Buffer) => JSON.parse(bytes.toString("utf8"));

describe("the payload", () => {
  test("is Declarative Web Push with our card beside it", () => {
    expect(read(pushPayload(testNotification(), OPTIONS))).toEqual({
      web_push: 8030,
      notification: {
        title: "FAILED Payments EOD",
        body: "02:14 Settlement file missing.",
        navigate: OPTIONS.link,
        tag: "topic",
        lang: "en",
        dir: "ltr",
        silent: false,
        renotify: true,
        requireInteraction: true,
        app_badge: "3",
      },
      app_badge: 3,
      mutable: true,
      batchwatch: {
        notificationId: "notification-1",
        ...testCard(),
      },
    });
  });

  test("what ends a page makes no sound, and an unknown badge is left out", () => {
    const payload = read(
      pushPayload(testNotification({}, { kind: "recovered" }), { ...OPTIONS, badge: null }),
    );
    expect(payload.notification).toMatchObject({ silent: true, renotify: false });
    expect(JSON.stringify(payload)).not.toContain("app_badge");
  });

  test("an update stays on the screen as the page does whose place it takes, while nobody has it", () => {
    const shown = (acknowledgedBy: string | null) =>
      read(pushPayload(testNotification({}, { kind: "update", acknowledgedBy }), OPTIONS))
        .notification;
    expect(shown(null)).toMatchObject({ silent: true, requireInteraction: true });
    expect(shown("Second Operator")).toMatchObject({ silent: true, requireInteraction: false });
  });

  test("whatever a card holds, it is exactly as long as every other, and title, way and ids are in it", () => {
    const text = (maxLength: number) => string({ unit: "grapheme", maxLength });
    const cards = record({
      title: text(80),
      body: text(200),
      jobName: text(512),
      message: option(text(400)),
      firstStep: option(text(400)),
      runbookUrl: option(text(1_000)),
      acknowledgedBy: option(text(200)),
      nextPerson: option(text(200)),
      kind: constantFrom<NotificationCard["kind"]>("page", "update", "recovered"),
    });
    assert(
      property(cards, constantFrom(true, false), (card, isPrivate) => {
        const bytes = pushPayload(testNotification({}, card), { ...OPTIONS, isPrivate });
        expect(bytes.length).toBe(API_LIMITS.pushTextBytes);
        expect(API_LIMITS.pushTextBytes).toBeLessThan(3_000);
        const payload = read(bytes);
        expect(payload).toMatchObject({
          web_push: 8030,
          notification: { navigate: OPTIONS.link },
          batchwatch: { incidentId: "incident-1", notificationId: "notification-1", version: 3 },
        });
        expect(payload.notification.title.length).toBeLessThanOrEqual(60);
        expect(payload.notification.body.length).toBeLessThanOrEqual(120);
      }),
    );
  });

  test("the job's own words go first, then the first step, then the runbook, then the ends of names", () => {
    const long = {
      message: "m".repeat(200),
      firstStep: "s".repeat(200),
      runbookUrl: `https://wiki.bank.example/${"r".repeat(200)}`,
      jobName: "j".repeat(500),
    };
    const left = (bytes: number) => {
      const card = read(pushPayload(testNotification({}, long), { ...OPTIONS, bytes })).batchwatch;
      if (card.jobName === undefined) return "nothing";
      const has = (name: keyof typeof long) =>
        card[name] === null ? null : card[name] === long[name] ? name : `${name} cut`;
      return [has("message"), has("firstStep"), has("runbookUrl"), has("jobName")]
        .filter((one) => one !== null)
        .join(", ");
    };
    const seen = new Set<string>();
    for (let bytes = 2_900; bytes >= 700; bytes -= 10) seen.add(left(bytes));
    expect([...seen]).toEqual([
      "message, firstStep, runbookUrl, jobName",
      "message cut, firstStep, runbookUrl, jobName",
      "firstStep, runbookUrl, jobName",
      "firstStep cut, runbookUrl, jobName",
      "runbookUrl, jobName",
      "jobName",
      "jobName cut",
      "nothing",
    ]);
  });
});

describe("private", () => {
  test.each(NOTIFICATION_KINDS)(
    "%s says how bad and when, and nothing of jobs, causes or people",
    (kind) => {
      const notification = testNotification({}, { kind });
      const text = pushPayload(notification, { ...OPTIONS, isPrivate: true }).toString("utf8");
      for (const word of [
        "Payments",
        "Settlement",
        "FAILED",
        "job-1",
        "run-1",
        "settlement",
        "wiki",
        "Operator",
      ]) {
        expect(text).not.toContain(word);
      }
      expect(read(Buffer.from(text)).batchwatch).toEqual({
        notificationId: "notification-1",
        incidentId: "incident-1",
        version: 3,
        kind,
        severity: "CRITICAL",
        taken: false,
      });
    },
  );

  test("that somebody has it is said without the name", () => {
    const taken = testNotification({}, { kind: "update", acknowledgedBy: "Second Operator" });
    const text = pushPayload(taken, { ...OPTIONS, isPrivate: true }).toString("utf8");
    expect(JSON.parse(text)).toMatchObject({
      notification: { title: "Batchwatch: 1 incident is taken" },
      batchwatch: { taken: true },
    });
    expect(text).not.toContain("Second Operator");
  });

  test("a page reads as it is written in the design", () => {
    const { notification } = read(pushPayload(testNotification(), { ...OPTIONS, isPrivate: true }));
    expect(notification).toMatchObject({
      title: "Batchwatch: CRITICAL, 1 incident",
      body: "Open to see. Paged 02:14 UTC, next person 02:19.",
    });
  });

  test("its times are those of whoever reads it", () => {
    const options = { ...OPTIONS, isPrivate: true, zone: "Europe/Berlin" };
    const bodyOf = (kind: NotificationCard["kind"]): string =>
      read(pushPayload(testNotification({}, { kind }), options)).notification.body;
    expect(bodyOf("page")).toBe("Open to see. Paged 03:14 CET, next person 03:19.");
    expect(bodyOf("reminder")).toBe("Open and answer within 10 min. Asked 03:14 CET.");
  });
});
