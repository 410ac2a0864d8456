import type { DifferenceView, IncidentEventView } from "batchwatch/router";
import { expect, test } from "vitest";
import { receiverWords } from "./delivery-words.ts";
import { differenceWords } from "./difference-words.ts";
import { incidentText } from "./incident-text.ts";
import { snoozeOffers } from "./snooze-offers.ts";
import { delivery, incidentView } from "./test-incident-view.ts";
import { eventSentence } from "./timeline-words.ts";

const local = (hour: number, minute: number): string =>
  new Date(2026, 10, 11, hour, minute).toISOString();
const now = Date.parse(local(3, 0));

test("a person's devices are one receiver; the farthest any of them came is said", () => {
  const lines = receiverWords(
    [
      delivery("late", {
        createdAt: local(2, 20),
        receiver: "Night Operator",
        sentAt: local(2, 20),
      }),
      delivery("a", { createdAt: local(2, 15), sentAt: local(2, 15), shownAt: local(2, 15) }),
      delivery("b", { createdAt: local(2, 16), sentAt: local(2, 16), seenAt: local(2, 17) }),
    ],
    now,
  );
  expect(lines.map(({ receiver, words }) => `${receiver}: ${words}`)).toEqual([
    "Duty Operator: sent 02:15 · shown 02:15 · seen 02:17",
    "Night Operator: sent 02:20 · shown: not reported by this device · not opened yet",
  ]);
});

test("what did not arrive is never called sent", () => {
  const dead = { state: "DEAD", sentAt: null, attempts: 8, lastError: "502 from bridge" } as const;
  const [hook] = receiverWords([delivery("h", { ...dead, channel: "webhook" })], now);
  expect(hook).toMatchObject({
    words: "not reached",
    trouble: "Did not arrive: 502 from bridge",
    hasReached: false,
  });
  const [some] = receiverWords([delivery("a", dead), delivery("b")], now);
  expect(some).toMatchObject({
    hasReached: true,
    trouble: "1 of 2 messages did not arrive: 502 from bridge",
  });
  const pending = { state: "PENDING", sentAt: null } as const;
  const words = (fields: Parameters<typeof delivery>[1]): string | undefined =>
    receiverWords([delivery("p", fields)], now)[0]?.words;
  expect(words({ ...pending, attempts: 0 })).toBe("being sent");
  expect(words({ ...pending, attempts: 2, nextAttemptAt: local(3, 1) })).toBe(
    "not sent yet, tried 2 times, tried again 03:01",
  );
  expect(words({ state: "CANCELLED", sentAt: null })).toBe("not needed any more");
});

test.each<[DifferenceView, string]>([
  [
    { field: "duration", name: null, before: 2_520_000, now: 540_000 },
    "Duration: 42 min, now 9 min",
  ],
  [{ field: "rowsRead", name: null, before: 41_203, now: 0 }, "Rows read: 41,203, now 0"],
  [
    { field: "inputRows", name: "settlement", before: 10, now: null },
    "Rows of settlement: 10, now none",
  ],
  [{ field: "param", name: "date", before: "10", now: "11" }, "Parameter date: 10, now 11"],
  [{ field: "stage", name: null, before: "write", now: "read" }, "Last stage: write, now read"],
  [
    { field: "startedAt", name: null, before: local(2, 0), now: local(2, 30) },
    "Started: 02:00, now 02:30",
  ],
  [{ field: "appVersion", name: null, before: "4.1", now: "4.2" }, "Version: 4.1, now 4.2"],
])("what changed: %o", (difference, words) => {
  const { what, before, now: after } = differenceWords(difference, now);
  expect(`${what}: ${before}, now ${after}`).toBe(words);
});

const event = (
  kind: IncidentEventView["kind"],
  by: string | null,
  text: string | null,
): IncidentEventView => ({ eventId: "e", at: local(2, 0), kind, by, text });

test.each([
  [event("acknowledged", "Duty Operator", null), "Duty Operator acknowledged it."],
  [event("paged", null, "Night Operator"), "Paged Night Operator."],
  [
    event("back-to-bed", "Duty Operator", local(5, 0)),
    "Duty Operator went back to bed: woken only if the new attempt fails or stalls, or is not over by 05:00.",
  ],
  [
    event("mute-over", null, "source-watching"),
    "What kept it quiet is over: its source is only watched, paging was not started.",
  ],
  [event("reassigned", null, "cards"), "Its job is another team’s now: cards."],
  [
    event("list-over", null, "1 of 3"),
    "Everybody on the list was paged and nobody has it: round 1 of 3 is over.",
  ],
  [event("nobody-told", null, "low-tier"), "Nobody was told: its severity wakes nobody."],
  [event("snoozed", "Duty Operator", local(3, 30)), "Duty Operator snoozed it until 03:30."],
  [
    event("escalated", "Duty Operator", "Night Operator"),
    "Duty Operator escalated it to Night Operator.",
  ],
  [event("commented", "Duty Operator", "File is late."), "Duty Operator: File is late."],
  [event("resolved", null, null), "Ended by itself."],
  [event("resolved", "Duty Operator", "rerun."), "Duty Operator resolved it: rerun."],
])("%o", (each, sentence) => {
  expect(eventSentence(each, now)).toBe(sentence);
});

test("snooze offers end at the last moment that is allowed", () => {
  const minutes = (offers: ReturnType<typeof snoozeOffers>): readonly number[] =>
    offers.map(({ until }) => (until - now) / 60_000);
  expect(minutes(snoozeOffers(now, null))).toEqual([15, 30, 60, 120]);
  expect(minutes(snoozeOffers(now, now + 500 * 60_000))).toEqual([15, 30, 60, 120]);
  expect(minutes(snoozeOffers(now, now + 45 * 60_000))).toEqual([15, 30, 45]);
  expect(snoozeOffers(now, now + 45 * 60_000).at(-1)?.label).toBe("Until 03:45");
  expect(minutes(snoozeOffers(now, now + 30 * 60_000))).toEqual([15, 30]);
  expect(minutes(snoozeOffers(now, now + 5 * 60_000))).toEqual([5]);
  expect(snoozeOffers(now, now - 1)).toEqual([]);
});

test("the copied text has the job first, then why, what waits, what to do, and the way here", () => {
  const view = incidentView("i", {
    jobName: "Payments EOD",
    message: "File missing",
    firstStep: "Ask clearing",
    waiting: [{ jobId: "w", name: "SEPA out" }],
    runbookUrl: "https://wiki.example/p",
  });
  const lines = incidentText(view, "https://watch.example/incidents/i", now).split("\n");
  expect(lines[0]).toMatch(/^FAILED Payments EOD, since /);
  expect(lines.slice(1)).toEqual([
    "High",
    "File missing",
    "Waiting for it: SEPA out",
    "First step: Ask clearing",
    "Runbook: https://wiki.example/p",
    "https://watch.example/incidents/i",
  ]);
});
