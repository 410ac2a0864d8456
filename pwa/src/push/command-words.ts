import type { CommandView } from "batchwatch/router";
import type { QueuedCommand } from "../offline/queue.ts";

export interface Confirmation {
  readonly title: string;
  readonly body: string;
}

/**
 * What became of an acknowledgement by the notification's button. Never called done before the server said so.
 * @param isSentByItself whether this browser wakes the worker when the network is back
 */
export function confirmationOf(
  { state, answer, refusal }: QueuedCommand,
  isSentByItself: boolean,
): Confirmation {
  if (state === "answered") return answered(answer);
  if (state === "refused") {
    return { title: "Not acknowledged", body: refusal?.message || "The server refused it." };
  }
  return {
    title: "Not sent yet",
    body:
      refusal === null
        ? `No connection. ${isSentByItself ? BY_ITSELF : BY_OPENING}`
        : refusal.message,
  };
}

const BY_ITSELF = "It is sent by itself; open Batchwatch to see it through.";
const BY_OPENING = "Open Batchwatch to send it.";

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
      return over(answer);
    default:
      return { title: "Not acknowledged", body: "Open to see how it stands." };
  }
}

/** Only what ended by itself leaves nothing to do: what it is part of now may be open, and worse. */
function over({ resolution, mergedInto }: CommandView): Confirmation {
  // An answer that is kept from an earlier version has neither.
  if ((mergedInto ?? null) !== null) {
    return {
      title: "Not acknowledged",
      body: "It is part of another incident now. Open that one.",
    };
  }
  switch (resolution ?? null) {
    case "cleared":
    case "retracted":
      return { title: "Already over", body: "It had ended by itself. Nothing left to do." };
    case "person":
      return { title: "Already over", body: "Somebody had resolved it." };
    case "retired":
      return { title: "Already over", body: "Its job is not watched any more." };
    default:
      return { title: "Already over", body: "Open to see how it ended." };
  }
}
