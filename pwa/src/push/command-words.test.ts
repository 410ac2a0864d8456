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
  [
    "Perhaps not sent",
    { state: "refused", refusal: { code: "PERHAPS_SENT", message: "It may have arrived." } },
  ],
  ["Not sent yet", { state: "waiting" }],
  ["Not sent yet", { state: "sending" }],
  ["Not sent", { state: "waiting", isUnkept: true }],
] as const)("says %s, and done only when the server has said so: %o", (title, more) => {
  expect(confirmationOf(command("c", more)).title).toBe(title);
});

it("says why it waits when its owner is signed out", () => {
  const refusal = {
    code: "UNAUTHORIZED",
    message: "Signed out. It is sent when you sign in again.",
  };
  expect(confirmationOf(command("c", { refusal })).body).toBe(refusal.message);
});
