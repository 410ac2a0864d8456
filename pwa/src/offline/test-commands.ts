import type { CommandView } from "batchwatch/router";
import type { QueuedCommand } from "./commands.ts";

/** Commands and answers for tests; each field can be set. */
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
    ...fields,
  };
}
