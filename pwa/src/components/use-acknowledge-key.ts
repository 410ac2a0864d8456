import { useMemo } from "react";
import { incidentKey, isOpen } from "../live/incident-lists.ts";
import { liveStore } from "../live/use-live.ts";
import { useKeys } from "./keyboard.ts";
import { mayRespond, useMe } from "./me.ts";
import { acknowledge, type AckTarget } from "./recent-acks.ts";

/**
 * `a` acknowledges the incident that the focus is on.
 * @param mayTake whether that one can be had; it is asked when the key is pressed
 * @param whole the incident of the whole page, taken where the focus is on none; null where there are several
 */
export function useAcknowledgeKey(
  mayTake: (incidentId: string) => boolean,
  whole: AckTarget | null,
): void {
  const isResponder = mayRespond(useMe());
  const handlers = useMemo(
    () => ({
      a: () => {
        const target = focusedIncident() ?? whole;
        if (isResponder && target !== null && mayTake(target.incidentId)) {
          void acknowledge([target]);
        }
      },
    }),
    [isResponder, mayTake, whole],
  );
  useKeys(handlers);
}

/** On the board, open, and nobody has it. */
export function isUntaken(incidentId: string): boolean {
  const row = liveStore.get().board?.rows.get(incidentKey(incidentId));
  return row?.kind === "incident" && isOpen(row) && row.acknowledgedBy === null;
}

function focusedIncident(): AckTarget | null {
  const card = document.activeElement?.closest<HTMLElement>("[data-incident]");
  const incidentId = card?.dataset["incident"];
  if (incidentId === undefined) return null;
  return { incidentId, name: card?.dataset["incidentName"] ?? "" };
}
