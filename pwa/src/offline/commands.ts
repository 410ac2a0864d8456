import type { CommandView } from "batchwatch/router";
import { useSyncExternalStore } from "react";
import { api, errorCode, refusalOf } from "../trpc.ts";

/** What people do with an incident; times are ISO 8601 UTC. */
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
  readonly commandId: string;
  readonly incidentId: string;
  readonly action: IncidentActionInput;
  readonly madeAt: string;
  readonly state: "waiting" | "sending" | "answered" | "refused";
  readonly answeredAt: string | null;
  readonly answer: CommandView | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

const NONE: readonly QueuedCommand[] = [];
const commands = new Map<string, readonly QueuedCommand[]>();
const listeners = new Set<() => void>();

/** Sends at once, and keeps what came of it for as long as this page lives. Without a network it is refused. */
export function sendCommand(
  incidentId: string,
  action: IncidentActionInput,
): Promise<QueuedCommand> {
  const command: QueuedCommand = {
    commandId: crypto.randomUUID(),
    incidentId,
    action,
    madeAt: new Date().toISOString(),
    state: "sending",
    answeredAt: null,
    answer: null,
    refusal: null,
  };
  keep(command);
  void deliver(command);
  return Promise.resolve(command);
}

/** Newest last. */
export function useCommands(incidentId: string): readonly QueuedCommand[] {
  return useSyncExternalStore(subscribe, () => commands.get(incidentId) ?? NONE);
}

async function deliver(command: QueuedCommand): Promise<void> {
  try {
    const answer = await call(command);
    keep({ ...command, state: "answered", answeredAt: new Date().toISOString(), answer });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = refusalOf(error)?.reason ?? errorCode(error);
    keep({
      ...command,
      state: "refused",
      answeredAt: new Date().toISOString(),
      refusal: { code, message },
    });
  }
}

function call({ commandId, incidentId, action }: QueuedCommand): Promise<CommandView> {
  const target = { commandId, incidentId };
  const { incidents } = api;
  switch (action.type) {
    case "acknowledge":
      return incidents.acknowledge.mutate(target);
    case "unacknowledge":
      return incidents.unacknowledge.mutate(target);
    case "take-over":
      return incidents.takeOver.mutate(target);
    case "snooze":
      return incidents.snooze.mutate({ ...target, until: action.until });
    case "escalate":
      return incidents.escalate.mutate(target);
    case "back-to-bed":
      return incidents.backToBed.mutate(target);
    case "resolve":
      return incidents.resolve.mutate({ ...target, reason: action.reason });
    case "comment":
      return incidents.comment.mutate({ ...target, text: action.text });
  }
}

function keep(command: QueuedCommand): void {
  const before = commands.get(command.incidentId) ?? NONE;
  const others = before.filter(({ commandId }) => commandId !== command.commandId);
  commands.set(command.incidentId, [...others, command]);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
