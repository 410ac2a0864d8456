import type { IncidentListItem } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { clock, useNow } from "../live/tick-clock.ts";
import { sendCommand, useCommands } from "../offline/commands.ts";
import { useMe } from "./me.ts";
import { commandNote } from "./outcome-words.ts";

export interface CommandNoteLineProps {
  readonly incidentId: string;
  /** As it is shown; null where nothing of it is known. */
  readonly incident: Pick<IncidentListItem, "next" | "resolution"> | null;
}

/** What became of the last thing done with this incident here, until it is old news. */
export function CommandNoteLine({ incidentId, incident }: CommandNoteLineProps): ReactNode {
  const me = useMe();
  const commands = useCommands(incidentId);
  const now = useNow();
  const [read, setRead] = useState<string | null>(null);
  const note = commandNote(commands, incident, me, now, clock.skewMs());
  const isShown = note !== null && note.commandId !== read;
  const last = commands.at(-1);
  return (
    <div role="status" className={isShown ? `note note-${note.tone}` : "note"}>
      {isShown && (
        <>
          <p>{note.text}</p>
          {note.offer === "take-over" && (
            <button
              type="button"
              className="button"
              onClick={() => void sendCommand(incidentId, { type: "take-over" })}
            >
              Take over
            </button>
          )}
          {note.offer === "again" && last !== undefined && (
            <button
              type="button"
              className="button"
              onClick={() => void sendCommand(incidentId, last.action)}
            >
              Try again
            </button>
          )}
          {note.tone === "nothing" && (
            <button type="button" className="button" onClick={() => setRead(note.commandId)}>
              Close
            </button>
          )}
        </>
      )}
    </div>
  );
}
