import { type ReactNode, useState } from "react";
import { AcknowledgeButton } from "../../components/AcknowledgeButton.tsx";
import { CommandNoteLine } from "../../components/CommandNoteLine.tsx";
import { usePagedOnly } from "../../components/me.ts";
import { UndoBar } from "../../components/UndoBar.tsx";
import { useBoundTap } from "../../components/use-bound-tap.ts";
import { type IncidentActionInput, sendCommand } from "../../offline/commands.ts";
import type { ActionSubject } from "./action-subject.ts";
import { EscalateSheet, MenuSheet, SnoozeSheet, WordsSheet } from "./ActionSheets.tsx";

type SheetName = "snooze" | "escalate" | "menu" | "resolve" | "comment";

/** What can be done, under the thumb, and what became of it. */
export function IncidentActions({ subject }: { readonly subject: ActionSubject }): ReactNode {
  const { incidentId } = subject;
  const isPagedOnly = usePagedOnly();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [isLost, setLost] = useState(false);
  const close = (): void => setSheet(null);
  const send = (action: IncidentActionInput): void => {
    setSheet(null);
    sendCommand(incidentId, action).then(
      () => setLost(false),
      () => setLost(true),
    );
  };
  return (
    <section className="incident-bar" aria-label="What can be done">
      {!isPagedOnly && <UndoBar />}
      {isLost && (
        <p className="problem" role="alert">
          Not saved on this device, and not sent. Try again.
        </p>
      )}
      <CommandNoteLine incidentId={incidentId} incident={subject} />
      {subject.isOpen ? (
        <>
          <Primary subject={subject} onSend={send} />
          <div className="bar-buttons">
            <button type="button" className="button" onClick={() => setSheet("snooze")}>
              Snooze
            </button>
            <button type="button" className="button" onClick={() => setSheet("escalate")}>
              Escalate
            </button>
            <button
              type="button"
              className="button"
              onClick={() => setSheet(isPagedOnly ? "comment" : "menu")}
            >
              {isPagedOnly ? "Comment" : "More"}
            </button>
          </div>
        </>
      ) : (
        <button type="button" className="button" onClick={() => setSheet("comment")}>
          Comment
        </button>
      )}
      {sheet === "snooze" && <SnoozeSheet subject={subject} onSend={send} onClose={close} />}
      {sheet === "escalate" && <EscalateSheet subject={subject} onSend={send} onClose={close} />}
      {sheet === "menu" && (
        <MenuSheet subject={subject} onSend={send} onOpen={setSheet} onClose={close} />
      )}
      {sheet === "resolve" && (
        <WordsSheet
          title="Resolve"
          hint="It is closed, and nobody is told of it again unless it fails anew."
          label="Reason"
          button="Resolve"
          onWords={(reason) => send({ type: "resolve", reason })}
          onClose={close}
        />
      )}
      {sheet === "comment" && (
        <WordsSheet
          title="Comment"
          hint="Everybody who sees this incident reads it, and so does the next one who has it."
          label="Comment"
          button="Add comment"
          onWords={(text) => send({ type: "comment", text })}
          onClose={close}
        />
      )}
    </section>
  );
}

interface PrimaryProps {
  readonly subject: ActionSubject;
  onSend(action: IncidentActionInput): void;
}

/** The one thing to do now: have it, take it over, or go back to bed. */
function Primary({ subject, onSend }: PrimaryProps): ReactNode {
  const { incidentId, name, version, holder } = subject;
  const isPagedOnly = usePagedOnly();
  const takeOver = useBoundTap(onSend, (act) => act({ type: "take-over" }));
  if (holder === "nobody") {
    return <AcknowledgeButton incident={{ incidentId, jobName: name, version }} />;
  }
  if (isPagedOnly) return null;
  if (holder === "other") {
    return (
      <button type="button" className="button primary" {...takeOver}>
        Take over
      </button>
    );
  }
  if (!subject.isRecovering || subject.backToBed) return null;
  return (
    <button
      type="button"
      className="button primary"
      onClick={() => onSend({ type: "back-to-bed" })}
    >
      Back to bed
    </button>
  );
}
