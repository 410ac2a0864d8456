import type { CommandView } from "batchwatch/router";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";

/** What people do with an incident. Times are ISO 8601 UTC. */
export type IncidentActionInput =
  | { type: "acknowledge" }
  | { type: "unacknowledge" }
  | { type: "take-over" }
  | { type: "snooze"; until: string }
  | { type: "escalate" }
  | { type: "back-to-bed" }
  | { type: "resolve"; reason: string }
  | { type: "comment"; text: string };

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
  /** Why it ended as `refused`; on one that waits, why it cannot be sent now (`UNAUTHORIZED`, `PAGED_ONLY`). */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** This device refuses to keep it: it ends with the page, or the worker, that it was made in. */
  readonly isUnkept?: true;
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
  | { readonly kind: "answered"; readonly answer: CommandView }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "signed-out"; readonly isAll: boolean }
  | { readonly kind: "later"; readonly retryAfterMs: number | null };

const SIGNED_OUT = {
  code: "UNAUTHORIZED",
  message: "Signed out. It is sent when you sign in again.",
} as const;

/** More than the key of a paired device may do: it waits for its owner, and nothing else waits for it. */
const PAGED_ONLY = { ...SIGNED_OUT, code: "PAGED_ONLY" } as const;

const OVERTAKEN = {
  code: "OVERTAKEN",
  message: "You were signed out, and answered anew since. It is not sent any more.",
} as const;

export function isEnded(command: QueuedCommand): boolean {
  return command.state === "answered" || command.state === "refused";
}

/** Whether it waits until its owner signs in, while others are sent past it. */
export function isPassedOver({ state, refusal }: QueuedCommand): boolean {
  return state === "waiting" && refusal?.code === PAGED_ONLY.code;
}

/** Whether it says whose the incident is: the last one said counts. */
export function isClaim({ action }: Pick<QueuedCommand, "action">): boolean {
  return CLAIMS.has(action.type);
}

const CLAIMS: ReadonlySet<string> = new Set<IncidentActionInput["type"]>([
  "acknowledge",
  "take-over",
  "unacknowledge",
]);

/** The queue with one more; ended ones make room. Null: it is full of commands that wait. */
export function withCommand(commands: Commands, command: StoredCommand): Commands | null {
  if (commands.some(({ commandId }) => commandId === command.commandId)) return commands;
  let surplus = commands.length + 1 - LIMITS.commands;
  const kept = commands.filter((one) => {
    if (surplus <= 0 || !isEnded(one)) return true;
    surplus -= 1;
    return false;
  });
  return surplus > 0 ? null : [...kept, command];
}

/**
 * The oldest command that may be sent now: within an incident only the first that has not ended. One that is
 * `sending` has lost its sender, as only one sends at a time.
 * @param eager something woke the sender: the wait between attempts is cut short
 */
export function nextDue(
  commands: Commands,
  userId: string,
  now: number,
  eager: boolean,
): StoredCommand | null {
  return heads(commands, userId).find((command) => isDue(command, now, eager)) ?? null;
}

/** When the next command is due, epoch milliseconds; null: none waits. */
export function nextDueAt(commands: Commands, userId: string): number | null {
  const times = heads(commands, userId).map(({ notBefore }) => notBefore);
  return times.length === 0 ? null : Math.min(...times);
}

/** It is being sent. An older claim that it was sent past has ended: it would undo the newer one. */
export function begun(commands: Commands, commandId: string, now: number): Commands {
  const at = commands.findIndex((one) => one.commandId === commandId);
  const begins = commands[at];
  const answeredAt = new Date(now).toISOString();
  const after = commands.map((one, index) =>
    begins !== undefined &&
    index < at &&
    one.incidentId === begins.incidentId &&
    isPassedOver(one) &&
    isClaim(one) &&
    isClaim(begins)
      ? { ...one, state: "refused" as const, answeredAt, refusal: OVERTAKEN }
      : one,
  );
  return changed(after, commandId, (command) => ({
    ...command,
    state: "sending",
    attempts: command.attempts + 1,
    triedAt: now,
    refusal: null,
  }));
}

/** The queue after a send. What has ended stays as it is: the first answer counts. @param random 0 to 1 */
export function settled(
  commands: Commands,
  commandId: string,
  result: SendResult,
  now: number,
  random: number,
): Commands {
  return changed(commands, commandId, (command) => {
    const answeredAt = new Date(now).toISOString();
    switch (result.kind) {
      case "answered":
        return { ...command, state: "answered", answeredAt, answer: result.answer, refusal: null };
      case "refused": {
        const { code, message } = result;
        return { ...command, state: "refused", answeredAt, refusal: { code, message } };
      }
      case "signed-out":
        return waiting(command, now + LIMITS.retryCapMs, result.isAll ? SIGNED_OUT : PAGED_ONLY);
      case "later":
        return waiting(command, now + waitMs(command.attempts, result.retryAfterMs, random), null);
    }
  });
}

/** Everything unsent waits for its owner to sign in. */
export function whileSignedOut(commands: Commands): Commands {
  return commands.map((command) =>
    isEnded(command) ? command : waiting(command, command.notBefore, SIGNED_OUT),
  );
}

/** Its owner is back: everything unsent is due. */
export function whenSignedIn(commands: Commands): Commands {
  return commands.map((command) =>
    command.state === "waiting" && command.refusal !== null ? waiting(command, 0, null) : command,
  );
}

/** Without what ended too long ago. */
export function withoutOld(commands: Commands, now: number): Commands {
  const kept = commands.filter(
    ({ answeredAt }) => answeredAt === null || now - Date.parse(answeredAt) < LIMITS.endedCommandMs,
  );
  return kept.length === commands.length ? commands : kept;
}

const TOO_LATE = {
  code: "TOO_LATE",
  message:
    "It waited for more than 4 h and is not sent any more. Look at the incident as it is now.",
} as const;

/** The code of a command that was sent without an answer, and is not sent again: nobody here knows. */
export const PERHAPS_SENT = "PERHAPS_SENT";

const NOT_ANSWERED = {
  code: PERHAPS_SENT,
  message:
    "It had no answer for more than 4 h and is not sent any more. It may have arrived: look at the incident as it is now.",
} as const;

/** What waited for too long has ended: hours later it would stop pages about what nobody has looked at. Comments keep their worth. */
export function withoutLate(commands: Commands, now: number): Commands {
  const isLate = (command: StoredCommand) =>
    !isEnded(command) &&
    command.action.type !== "comment" &&
    now - Date.parse(command.madeAt) > LIMITS.unsentCommandMs;
  if (!commands.some(isLate)) return commands;
  const answeredAt = new Date(now).toISOString();
  return commands.map((command) => {
    if (!isLate(command)) return command;
    const refusal = command.attempts === 0 ? TOO_LATE : NOT_ANSWERED;
    return { ...command, state: "refused", answeredAt, refusal };
  });
}

/** The first command of each incident that has not ended, oldest first, and what it must not keep waiting. */
function heads(commands: Commands, userId: string): Commands {
  const met = new Set<string>();
  return commands.filter((command) => {
    if (isEnded(command) || command.userId !== userId || met.has(command.incidentId)) return false;
    if (!isPassedOver(command)) met.add(command.incidentId);
    return true;
  });
}

function isDue(command: StoredCommand, now: number, eager: boolean): boolean {
  if (command.state === "sending") return true;
  const { notBefore, triedAt } = command;
  // A time further away than any wait comes from a clock that was set back.
  if (now >= notBefore || notBefore - now > LIMITS.retryCapMs) return true;
  return eager && (triedAt === null || Math.abs(now - triedAt) >= LIMITS.retryPauseMs);
}

/** Doubling waits with half jitter: never at once, never all devices at the same moment. */
function waitMs(attempts: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(LIMITS.retryCapMs, LIMITS.retryBaseMs * 2 ** Math.max(0, attempts - 1));
  const least = Math.min(LIMITS.retryCapMs, retryAfterMs ?? 0);
  return Math.max(least, (ceiling * (1 + random)) / 2);
}

function waiting(
  command: StoredCommand,
  notBefore: number,
  refusal: QueuedCommand["refusal"],
): StoredCommand {
  return { ...command, state: "waiting", notBefore, refusal };
}

function changed(
  commands: Commands,
  commandId: string,
  change: (command: StoredCommand) => StoredCommand,
): Commands {
  return commands.map((command) =>
    command.commandId === commandId && !isEnded(command) ? change(command) : command,
  );
}
