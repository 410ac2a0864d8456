import type { IncidentListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { isOpen } from "../live/incident-lists.ts";
import { useNow } from "../live/tick-clock.ts";
import { holderSentences } from "./incident-words.ts";
import { initialsOf, useMe } from "./me.ts";

/** Words that depend on the clock are worked out again this often, ms. */
const STEP_MS = 10_000;

/** Who has the incident, with their initials, and whom it goes to next. */
export function HolderLines({ incident }: { readonly incident: IncidentListItem }): ReactNode {
  const me = useMe();
  const now = useNow(STEP_MS);
  const { acknowledgedBy } = incident;
  return (
    <p className="holder num">
      {isOpen(incident) && acknowledgedBy !== null && (
        <span className="initials" aria-hidden="true">
          {initialsOf(acknowledgedBy.name)}
        </span>
      )}
      <span>{holderSentences(incident, me, now).join(" ")}</span>
    </p>
  );
}
