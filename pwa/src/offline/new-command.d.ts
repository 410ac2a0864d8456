import { type IncidentActionInput, type StoredCommand } from "./queue.ts";
/**
 * Keeps a command on this device, under an id that it has for ever; it is not sent yet.
 * @throws Error when nobody is known to be signed in, or too many commands wait already
 */
export declare function keepCommand(
  incidentId: string,
  action: IncidentActionInput,
): Promise<StoredCommand>;
//# sourceMappingURL=new-command.d.ts.map
