import type { CommandOutcome } from "batchwatch/router";
import { expect, test } from "vitest";
import type { QueuedCommand } from "../offline/commands.ts";
import { commandView, queuedCommand } from "../offline/test-commands.ts";
import {
  acknowledgingWords,
  commandNote,
  DONE_SHOWN_MS,
  isAcknowledging,
  NOTHING_SHOWN_MS,
} from "./outcome-words.ts";

const local = (hour: number, minute: number, second = 0): string =>
  new Date(2026, 10, 11, hour, minute, second).toISOString();
const now = Date.parse(local(3, 4, 30));
const ME = { name: "Duty Operator" };
const next = { at: local(3, 7), who: "Night Operator" };
const incident = { next, resolution: null };
const waiting = queuedCommand({ madeAt: local(3, 4) });
const answered = (
  outcome: CommandOutcome,
  fields: Parameters<typeof commandView>[0] = {},
  command: Partial<QueuedCommand> = {},
): QueuedCommand =>
  queuedCommand({
    madeAt: local(3, 4),
    state: "answered",
    answeredAt: local(3, 4),
    answer: commandView({ outcome, ...fields }),
    ...command,
  });

test("what is not sent says whom it goes to and when", () => {
  expect(commandNote([waiting], incident, ME, now)).toEqual({
    commandId: "c1",
    tone: "waiting",
    text: "Not sent yet. Keep this screen open. If not sent by 03:07, Night Operator is called.",
    offer: null,
  });
  const mine = { ...incident, next: { ...next, who: "Duty Operator" } };
  expect(commandNote([waiting], mine, ME, now)?.text).toMatch(/03:07, you are called again\.$/);
});

test("nothing is threatened that does not come: nobody is next, it is past, or it stops no page", () => {
  const plain = "Not sent yet. Keep this screen open.";
  expect(commandNote([waiting], { ...incident, next: null }, ME, now)?.text).toBe(plain);
  const past = { ...incident, next: { ...next, at: local(3, 1) } };
  expect(commandNote([waiting], past, ME, now)?.text).toBe(plain);
  const comment = { ...waiting, action: { type: "comment", text: "x" } } as const;
  expect(commandNote([comment], incident, ME, now)?.text).toBe(plain);
  expect(commandNote([waiting], null, ME, now)?.text).toBe(plain);
});

test("the first two seconds are only sending", () => {
  const sending = queuedCommand({ state: "sending", madeAt: local(3, 4, 29) });
  expect(commandNote([sending], incident, ME, now)?.text).toBe("Sending…");
  expect(acknowledgingWords([sending], now)).toBe("Sending…");
  expect(commandNote([sending], incident, ME, now + 3_000)?.text).toMatch(/^Not sent yet/);
  expect(acknowledgingWords([sending], now + 3_000)).toBe("Not sent yet");
  expect(commandNote([{ ...sending, state: "waiting" }], incident, ME, now)?.text).toMatch(
    /^Not sent yet/,
  );
});

test("then it says when it was sent, for a minute", () => {
  const done = answered("done");
  expect(commandNote([done], incident, ME, now)).toMatchObject({
    tone: "done",
    text: "Sent 03:04, escalation stopped.",
  });
  expect(acknowledgingWords([done], now)).toBe("Sent 03:04");
  const at = Date.parse(local(3, 4));
  expect(commandNote([done], incident, ME, at + DONE_SHOWN_MS)).not.toBe(null);
  expect(commandNote([done], incident, ME, at + DONE_SHOWN_MS + 1)).toBe(null);
});

const CONFLICTS: readonly [CommandOutcome, Parameters<typeof commandView>[0], string][] = [
  [
    "someone-has-it",
    { acknowledgedBy: { userId: "o", name: "Night Operator" }, acknowledgedAt: local(3, 3) },
    "Night Operator acknowledged this at 03:03. Your tap changed nothing.",
  ],
  [
    "already-resolved",
    { resolvedAt: local(3, 1), resolution: "cleared" },
    "It had already ended by itself at 03:01.",
  ],
  [
    "already-resolved",
    { resolvedAt: local(3, 1), resolution: "retired" },
    "It had already ended at 03:01: its job is not watched any more.",
  ],
  [
    "already-resolved",
    { resolvedAt: local(3, 1), resolution: "merged", mergedInto: "i2" },
    "It is part of another incident now. Your tap changed nothing: open that one.",
  ],
  ["already-resolved", { resolvedAt: local(3, 1) }, "It had already ended at 03:01."],
  [
    "already-yours",
    { acknowledgedAt: local(2, 59) },
    "You have had it since 02:59. Your tap changed nothing.",
  ],
  [
    "not-recovering",
    {},
    "No new attempt is under way, so somebody has to stay up. Your tap changed nothing.",
  ],
  ["not-snoozable", {}, "It cannot be snoozed for that long. Your tap changed nothing."],
  ["nobody-left", {}, "There is nobody left to page. Your tap changed nothing."],
  ["not-acknowledged", {}, "You do not have it. Acknowledge it first."],
];

test.each(CONFLICTS)("%s: what happened instead, in words", (outcome, fields, text) => {
  const note = commandNote([answered(outcome, fields)], incident, ME, now);
  expect(note).toMatchObject({ tone: "nothing", text });
  expect(note?.offer).toBe(outcome === "someone-has-it" ? "take-over" : null);
});

test("what a person resolved did not end by itself", () => {
  const command = answered("already-resolved", { resolvedAt: local(3, 1) });
  expect(commandNote([command], { next: null, resolution: "person" }, ME, now)?.text).toBe(
    "It had already been resolved at 03:01.",
  );
});

test("a refusal names its reason, and is offered again where that can help", () => {
  const refused = (code: string): QueuedCommand =>
    queuedCommand({
      state: "refused",
      answeredAt: local(3, 4),
      refusal: { code, message: "reason: at most 1,000 characters." },
    });
  expect(commandNote([refused("FORBIDDEN")], incident, ME, now)).toMatchObject({
    text: "Your role or team does not allow this. Nothing was changed.",
    offer: null,
  });
  expect(commandNote([refused("invalid_input")], incident, ME, now)?.text).toBe(
    "reason: at most 1,000 characters. Nothing was changed.",
  );
  expect(commandNote([refused("INTERNAL_SERVER_ERROR")], incident, ME, now)).toMatchObject({
    text: "The server could not do it. Nothing was changed. Code INTERNAL_SERVER_ERROR.",
    offer: "again",
  });
  const late = Date.parse(local(3, 4)) + NOTHING_SHOWN_MS + 1;
  expect(commandNote([refused("FORBIDDEN")], incident, ME, late)).toBe(null);
});

test("only the newest command speaks", () => {
  expect(commandNote([answered("someone-has-it"), waiting], incident, ME, now)?.tone).toBe(
    "waiting",
  );
  expect(commandNote([], incident, ME, now)).toBe(null);
});

test("a device whose clock is ten minutes behind dates its commands by the server's clock", () => {
  const skewMs = 600_000;
  const behind = answered("done", {}, { answeredAt: local(2, 54) });
  expect(commandNote([behind], incident, ME, now, skewMs)?.text).toBe(
    "Sent 03:04, escalation stopped.",
  );
});

test("the button stays away from the tap until the board says that somebody has it", () => {
  expect(isAcknowledging([], 3)).toBe(false);
  expect(isAcknowledging([waiting], 3)).toBe(true);
  expect(isAcknowledging([answered("done")], 3)).toBe(true);
  expect(isAcknowledging([answered("done")], null)).toBe(true);
  expect(isAcknowledging([answered("done")], 4)).toBe(false);
  expect(isAcknowledging([answered("someone-has-it")], 3)).toBe(false);
  const undone = queuedCommand({ action: { type: "unacknowledge" } });
  expect(isAcknowledging([answered("done"), undone], 3)).toBe(false);
  const comment = queuedCommand({ action: { type: "comment", text: "x" } });
  expect(isAcknowledging([waiting, comment], 3)).toBe(true);
  const commented = { ...comment, state: "answered", answeredAt: local(3, 4) } as const;
  expect(acknowledgingWords([waiting, commented], now)).toBe("Not sent yet");
});
