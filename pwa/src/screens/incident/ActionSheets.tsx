import { type ReactNode, useState } from "react";
import { formatClock } from "../../components/format.ts";
import { FormField } from "../../components/FormField.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { clock } from "../../live/tick-clock.ts";
import type { IncidentActionInput } from "../../offline/commands.ts";
import type { ActionSubject } from "./action-subject.ts";
import { snoozeOffers } from "./snooze-offers.ts";

/** Most characters of a reason or a comment; the server takes no more. */
const WORDS_LENGTH = 1_000;

interface SheetProps {
  readonly subject: ActionSubject;
  onSend(action: IncidentActionInput): void;
  onClose(): void;
}

/** Not me, not now. The moment it ends is said before it is tapped, and is what is sent. */
export function SnoozeSheet({ subject, onSend, onClose }: SheetProps): ReactNode {
  const [now] = useState(() => clock.now());
  const offers = snoozeOffers(now, subject.snoozeUntilMost);
  return (
    <Sheet title="Snooze" onClose={onClose}>
      <p className="secondary">You are left alone until then. The others are paged all the same.</p>
      {offers.length === 0 && <p>It is too urgent: it cannot be snoozed now.</p>}
      <div className="sheet-buttons">
        {offers.map(({ label, until }) => (
          <button
            key={until}
            type="button"
            className="button num"
            onClick={() => onSend({ type: "snooze", until: new Date(until).toISOString() })}
          >
            {label}
            {!label.startsWith("Until") && (
              <span className="secondary"> until {formatClock(until, now)}</span>
            )}
          </button>
        ))}
      </div>
    </Sheet>
  );
}

/** Waking somebody is asked for twice. */
export function EscalateSheet({ subject, onSend, onClose }: SheetProps): ReactNode {
  const who = subject.next?.who ?? "the next person";
  return (
    <Sheet title="Escalate" onClose={onClose}>
      <p>This pages {who} now, without waiting for the time of the next step.</p>
      <button
        type="button"
        className="button primary wide"
        onClick={() => onSend({ type: "escalate" })}
      >
        Page {who} now
      </button>
    </Sheet>
  );
}

export interface MenuSheetProps extends SheetProps {
  onOpen(sheet: "resolve" | "comment"): void;
}

/** What is done by daylight. */
export function MenuSheet({ subject, onSend, onOpen, onClose }: MenuSheetProps): ReactNode {
  return (
    <Sheet title={subject.name} onClose={onClose}>
      <div className="sheet-buttons">
        <button type="button" className="button" onClick={() => onOpen("comment")}>
          Comment
        </button>
        {subject.holder === "me" && (
          <button
            type="button"
            className="button"
            onClick={() => onSend({ type: "unacknowledge" })}
          >
            Give it back
          </button>
        )}
        <button type="button" className="button" onClick={() => onOpen("resolve")}>
          Resolve…
        </button>
      </div>
    </Sheet>
  );
}

export interface WordsSheetProps {
  readonly title: string;
  readonly hint: string;
  readonly label: string;
  readonly button: string;
  onWords(words: string): void;
  onClose(): void;
}

/** Asks for words; without any nothing is sent. */
export function WordsSheet(props: WordsSheetProps): ReactNode {
  const [words, setWords] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const submit = (): void => {
    const text = words.trim();
    setEmpty(text === "");
    if (text !== "") props.onWords(text);
  };
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <FormField
          label={props.label}
          hint={props.hint}
          problem={isEmpty ? "Say it in a few words." : null}
        >
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={WORDS_LENGTH}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </FormField>
        <button type="submit" className="button primary wide">
          {props.button}
        </button>
      </form>
    </Sheet>
  );
}
