import type { CommandView } from "batchwatch/router";
import { PERHAPS_SENT, type QueuedCommand } from "../offline/queue.ts";

export interface Confirmation {
  readonly title: string;
  readonly body: string;
}

/** What became of an acknowledgement by the notification's button. Never called done before the server said so. */
export function confirmationOf(command: QueuedCommand): Confirmation {
  const { state, answer, refusal, isUnkept } = command;
  if (state === "answered") return answered(answer);
  if (state === "refused") {
    const title = refusal?.code === PERHAPS_SENT ? "Perhaps not sent" : "Not acknowledged";
    return { title, body: refusal?.message || "The server refused it." };
  }
  if (isUnkept) {
    return {
      title: "Not sent",
      body: "It could not be sent, and this phone could not keep it. Tap again in a moment.",
    };
  }
  return {
    title: "Not sent yet",
    body:
      refusal === null
        ? "No connection. It is sent by itself; open Batchwatch to see it through."
        : refusal.message,
  };
}

function answered(answer: CommandView | null): Confirmation {
  switch (answer?.outcome) {
    case "done":
    case "already-yours":
      return { title: "Acknowledged", body: "You have it. Escalation stopped." };
    case "someone-has-it":
      return {
        title: `${answer.acknowledgedBy?.name ?? "Somebody else"} has it`,
        body: "Your tap changed nothing. Open to take it over.",
      };
    case "already-resolved":
      return { title: "Already over", body: "It had ended by itself. Nothing left to do." };
    default:
      return { title: "Not acknowledged", body: "Open to see how it stands." };
  }
}
