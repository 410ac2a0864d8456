import type { CommandView } from "batchwatch/router";
import type { QueuedCommand } from "./commands.ts";
import type { StoredCommand } from "./queue.ts";

/** Commands and answers for tests. */
export function command(commandId: string, more: Partial<StoredCommand> = {}): StoredCommand {
  return {
    commandId,
    incidentId: "a",
    action: { type: "acknowledge" },
    madeAt: "2026-11-11T02:59:00.000Z",
    state: "waiting",
    answeredAt: null,
    answer: null,
    refusal: null,
    userId: "u1",
    attempts: 0,
    triedAt: null,
    notBefore: 0,
    ...more,
  };
}

export function answerTo(commandId: string, more: Partial<CommandView> = {}): CommandView {
  return {
    commandId,
    outcome: "done",
    incidentId: "a",
    state: "ACKNOWLEDGED",
    version: 2,
    acknowledgedBy: { userId: "u1", name: "Duty Operator" },
    acknowledgedAt: "2026-11-11T03:00:00.000Z",
    resolvedAt: null,
    resolution: null,
    mergedInto: null,
    ...more,
  };
}

/** As screens see it. */
export function queuedCommand(fields: Partial<QueuedCommand> = {}): QueuedCommand {
  return {
    commandId: "c1",
    incidentId: "i",
    action: { type: "acknowledge" },
    madeAt: "2026-11-11T02:02:00.000Z",
    state: "waiting",
    answeredAt: null,
    answer: null,
    refusal: null,
    ...fields,
  };
}

export function commandView(fields: Partial<CommandView> = {}): CommandView {
  return {
    commandId: "c1",
    outcome: "done",
    incidentId: "i",
    state: "ACKNOWLEDGED",
    version: 4,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
    resolution: null,
    mergedInto: null,
    ...fields,
  };
}
