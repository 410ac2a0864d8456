import type { CommandView } from "batchwatch/router";
/** What people do with an incident. Times are ISO 8601 UTC. */
export type IncidentActionInput =
  | {
      type: "acknowledge";
    }
  | {
      type: "unacknowledge";
    }
  | {
      type: "take-over";
    }
  | {
      type: "snooze";
      until: string;
    }
  | {
      type: "escalate";
    }
  | {
      type: "back-to-bed";
    }
  | {
      type: "resolve";
      reason: string;
    }
  | {
      type: "comment";
      text: string;
    };
export interface QueuedCommand {
  /** Made once; a repeat under it changes nothing on the server. */
  readonly commandId: string;
  readonly incidentId: string;
  readonly action: IncidentActionInput;
  /** When it was tapped, ISO 8601 UTC. */
  readonly madeAt: string;
  readonly state: "waiting" | "sending" | "answered" | "refused";
  /** When it was answered or refused, ISO 8601 UTC. */
  readonly answeredAt: string | null;
  readonly answer: CommandView | null;
  /** Why it ended as `refused`; on one that waits, why it cannot be sent now (`UNAUTHORIZED`). */
  readonly refusal: {
    readonly code: string;
    readonly message: string;
  } | null;
}
export interface StoredCommand extends QueuedCommand {
  /** Who made it; it is sent in nobody else's name. */
  readonly userId: string;
  /** Sends begun. */
  readonly attempts: number;
  /** When the last one was begun, epoch milliseconds. */
  readonly triedAt: number | null;
  /** Not sent again before, epoch milliseconds. */
  readonly notBefore: number;
}
export type Commands = readonly StoredCommand[];
/** What became of one send. `later`: nothing is known, so it is sent again under the same id. */
export type SendResult =
  | {
      readonly kind: "answered";
      readonly answer: CommandView;
    }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: "signed-out";
    }
  | {
      readonly kind: "later";
      readonly retryAfterMs: number | null;
    };
export declare function isEnded(command: QueuedCommand): boolean;
/** The queue with one more; ended ones make room. Null: it is full of commands that wait. */
export declare function withCommand(commands: Commands, command: StoredCommand): Commands | null;
/**
 * The oldest command that may be sent now: within an incident only the first that has not ended. One that is
 * `sending` has lost its sender, as only one sends at a time.
 * @param eager something woke the sender: the wait between attempts is cut short
 */
export declare function nextDue(
  commands: Commands,
  userId: string,
  now: number,
  eager: boolean,
): StoredCommand | null;
/** When the next command is due, epoch milliseconds; null: none waits. */
export declare function nextDueAt(commands: Commands, userId: string): number | null;
export declare function begun(commands: Commands, commandId: string, now: number): Commands;
/** The queue after a send. What has ended stays as it is: the first answer counts. @param random 0 to 1 */
export declare function settled(
  commands: Commands,
  commandId: string,
  result: SendResult,
  now: number,
  random: number,
): Commands;
/** Everything unsent waits for its owner to sign in. */
export declare function whileSignedOut(commands: Commands): Commands;
/** Its owner is back: everything unsent is due. */
export declare function whenSignedIn(commands: Commands): Commands;
/** Without what ended too long ago. */
export declare function withoutOld(commands: Commands, now: number): Commands;
//# sourceMappingURL=queue.d.ts.map
