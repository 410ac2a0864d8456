import type { IncidentActionInput, QueuedCommand } from "./queue.ts";
export type { IncidentActionInput, QueuedCommand } from "./queue.ts";
/**
 * Keeps the command on this device and sends it as soon as the server can be reached, in order with the others of
 * its incident. Resolves once it is kept, not when it is sent.
 * @throws Error when nobody is known to be signed in, or too many commands wait already
 */
export declare function sendCommand(
  incidentId: string,
  action: IncidentActionInput,
): Promise<QueuedCommand>;
/** The kept commands about an incident, newest last. */
export declare function useCommands(incidentId: string): readonly QueuedCommand[];
/** Every kept command, newest last. */
export declare function useAllCommands(): readonly QueuedCommand[];
/** Called after each command that a person gives in this page. */
export declare function onCommandGiven(listener: () => void): () => void;
//# sourceMappingURL=commands.d.ts.map
