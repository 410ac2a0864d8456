import type { ReactNode } from "react";
import { useNow } from "../live/tick-clock.ts";
import { formatClock } from "./format.ts";
import { FormField } from "./FormField.tsx";
import type { Asking } from "./use-asking.ts";

/** Most characters of a reason; the server takes no more. */
export const REASON_LENGTH = 500;

/** Why, for the person who approves; or, in set-up, that nobody else is asked. */
export function AskingFields({ asking }: { readonly asking: Asking }): ReactNode {
  const now = useNow(60_000);
  const { setupUntil, reason, breakGlass } = asking;
  if (typeof setupUntil === "string") {
    return (
      <p className="secondary num">
        Set-up: it is applied at once and recorded as one person's, until{" "}
        {formatClock(Date.parse(setupUntil), now)}.
      </p>
    );
  }
  return (
    <>
      <FormField
        label="Why"
        hint="A second person reads it before this is applied; it stands in the record."
        problem={asking.problem}
      >
        {(control) => (
          <textarea
            {...control}
            rows={2}
            maxLength={REASON_LENGTH}
            defaultValue={reason}
            onChange={(event) => asking.setReason(event.target.value)}
          />
        )}
      </FormField>
      {asking.mayBreakGlass && (
        <div>
          <label className="check">
            <input
              type="checkbox"
              checked={breakGlass}
              onChange={(event) => asking.setBreakGlass(event.target.checked)}
            />
            Break the glass: apply it now, without a second person
          </label>
          {breakGlass && (
            <p className="note note-waiting" role="status">
              It stands for 2 h and is then taken back, unless somebody else approves it. Everybody
              who may approve is told now.
            </p>
          )}
        </div>
      )}
    </>
  );
}
