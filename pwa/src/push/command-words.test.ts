import { expect, it } from "vitest";
import { answerTo, command } from "../offline/test-commands.ts";
import { confirmationOf } from "./command-words.ts";

it.each([
  ["Acknowledged", { state: "answered", answer: answerTo("c") }],
  ["Acknowledged", { state: "answered", answer: answerTo("c", { outcome: "already-yours" }) }],
  [
    "Duty Operator has it",
    { state: "answered", answer: answerTo("c", { outcome: "someone-has-it" }) },
  ],
  ["Already over", { state: "answered", answer: answerTo("c", { outcome: "already-resolved" }) }],
  ["Not acknowledged", { state: "answered", answer: answerTo("c", { outcome: "nobody-left" }) }],
  ["Not acknowledged", { state: "refused", refusal: { code: "FORBIDDEN", message: "No." } }],
  ["Not sent yet", { state: "waiting" }],
  ["Not sent yet", { state: "sending" }],
] as const)("says %s, and done only when the server has said so: %o", (title, more) => {
  expect(confirmationOf(command("c", more), true).title).toBe(title);
});

it.each([
  ["cleared", "It had ended by itself. Nothing left to do."],
  ["retracted", "It had ended by itself. Nothing left to do."],
  ["person", "Somebody had resolved it."],
  ["retired", "Its job is not watched any more."],
  [null, "Open to see how it ended."],
] as const)("says of what was over how it ended: %s", (resolution, body) => {
  const answer = answerTo("c", { outcome: "already-resolved", resolution });
  expect(confirmationOf(command("c", { state: "answered", answer }), true)).toEqual({
    title: "Already over",
    body,
  });
});

it("never says that nothing is left to do of what is part of another incident", () => {
  const merged = { resolution: "merged", mergedInto: "i-2" } as const;
  const answer = answerTo("c", { outcome: "already-resolved", ...merged });
  expect(confirmationOf(command("c", { state: "answered", answer }), true)).toEqual({
    title: "Not acknowledged",
    body: "It is part of another incident now. Open that one.",
  });
});

it("says why it waits when its owner is signed out", () => {
  const refusal = {
    code: "UNAUTHORIZED",
    message: "Signed out. It is sent when you sign in again.",
  };
  expect(confirmationOf(command("c", { refusal }), true).body).toBe(refusal.message);
});

it("says that it is sent by itself only where the browser does that", () => {
  expect(confirmationOf(command("c"), true).body).toContain("It is sent by itself");
  expect(confirmationOf(command("c"), false).body).toBe(
    "No connection. Open Batchwatch to send it.",
  );
});
