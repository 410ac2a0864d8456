import type { IncidentListItem } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { clock, useNow } from "../live/tick-clock.ts";
import { type IncidentActionInput, sendCommand, useCommands } from "../offline/commands.ts";
import { useMe, usePagedOnly } from "./me.ts";
import { commandNotes } from "./outcome-words.ts";

export interface CommandNoteLineProps {
  readonly incidentId: string;
  /** As it is shown; null where nothing of it is known. */
  readonly incident: Pick<IncidentListItem, "next" | "resolution"> | null;
}

/** What became of the last things done with this incident here, until it is old news. */
export function CommandNoteLine({ incidentId, incident }: CommandNoteLineProps): ReactNode {
  const me = useMe();
  const isPagedOnly = usePagedOnly();
  const commands = useCommands(incidentId);
  const now = useNow();
  const [read, setRead] = useState<readonly string[]>([]);
  const notes = commandNotes(commands, incident, me, now, clock.skewMs());
  const send = (action: IncidentActionInput): void => void sendCommand(incidentId, action);
  return (
    <div role="status" className="notes">
      {notes
        .filter(({ commandId }) => !read.includes(commandId))
        .map(({ commandId, action, tone, text, offer }) => (
          <div key={commandId} className={`note note-${tone}`}>
            <p>{text}</p>
            {/* A paired device's key does not open that. */}
            {offer === "take-over" && !isPagedOnly && (
              <button type="button" className="button" onClick={() => send({ type: "take-over" })}>
                Take over
              </button>
            )}
            {offer === "again" && (
              <button type="button" className="button" onClick={() => send(action)}>
                Try again
              </button>
            )}
            {tone === "nothing" && (
              <button
                type="button"
                className="button"
                onClick={() => setRead((before) => [...before, commandId])}
              >
                Close
              </button>
            )}
          </div>
        ))}
    </div>
  );
}
