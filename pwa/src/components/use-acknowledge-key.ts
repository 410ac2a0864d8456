import { useMemo } from "react";
import { incidentKey, isOpen } from "../live/incident-lists.ts";
import { liveStore } from "../live/use-live.ts";
import { useAllCommands } from "../offline/commands.ts";
import { isAcknowledging } from "./claim.ts";
import { useKeys } from "./keyboard.ts";
import { mayRespond, useMe } from "./me.ts";
import { acknowledge, type AckTarget } from "./recent-acks.ts";

/** As it is shown. */
type Untaken = { readonly version: number };

/**
 * `a` acknowledges the incident that the focus is on: once, however long it is held down or often it is pressed.
 * @param untaken that one, asked for when the key is pressed; null where it cannot be had
 * @param whole the incident of the whole page, taken where the focus is on none; null where there are several
 */
export function useAcknowledgeKey(
  untaken: (incidentId: string) => Untaken | null,
  whole: AckTarget | null,
): void {
  const isResponder = mayRespond(useMe());
  const commands = useAllCommands();
  const handlers = useMemo(
    () => ({
      a: ({ repeat }: KeyboardEvent) => {
        const target = focusedIncident() ?? whole;
        if (repeat || !isResponder || target === null) return;
        const { incidentId } = target;
        const incident = untaken(incidentId);
        const given = commands.filter((command) => command.incidentId === incidentId);
        if (incident === null || isAcknowledging(given, incident.version)) return;
        void acknowledge([target]);
      },
    }),
    [isResponder, untaken, whole, commands],
  );
  useKeys(handlers);
}

/** On the board, open, and nobody has it. */
export function untakenRow(incidentId: string): Untaken | null {
  const row = liveStore.get().board?.rows.get(incidentKey(incidentId));
  return row?.kind === "incident" && isOpen(row) && row.acknowledgedBy === null ? row : null;
}

function focusedIncident(): AckTarget | null {
  const card = document.activeElement?.closest<HTMLElement>("[data-incident]");
  const incidentId = card?.dataset["incident"];
  if (incidentId === undefined) return null;
  return { incidentId, name: card?.dataset["incidentName"] ?? "" };
}
