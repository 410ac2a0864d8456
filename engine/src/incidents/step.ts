import type { Incident } from "../model/incident.ts";
import { onClock } from "./clock.ts";
import { answerOf, carryOut } from "./command.ts";
import { Draft } from "./draft.ts";
import { inTime, isDue } from "./incident-state.ts";
import { close } from "./resolution.ts";
import type { StepContext, StepInput, StepResult } from "./step-types.ts";
import { takeAlerts } from "./take-alerts.ts";
import { onUndelivered } from "./undelivered.ts";

/**
 * One step of an incident: pure, so that whoever makes it gets the same, with the same ids. Null: there is nothing to do.
 * A result without an incident only says why none was made of its alerts. Only alerts can make one.
 */
export function step(
  incident: Incident | null,
  input: StepInput,
  context: StepContext,
): StepResult | null {
  const known = incident === null ? null : inTime(incident, context.now);
  if (input.type === "alerts") return takeAlerts(known, input, context);
  if (incident === null || known === null) return null;
  const draft = new Draft(context, known, known);
  switch (input.type) {
    case "command": {
      const outcome = carryOut(draft, input.command);
      const result = draft.finish();
      return { ...result, answer: answerOf(outcome, result.incident ?? incident) };
    }
    case "clock":
      if (!isDue(incident, context)) return null;
      onClock(draft);
      return draft.finish();
    case "undelivered":
      return onUndelivered(draft, input.pages) ? draft.finish() : null;
    case "merged":
      if (incident.resolution !== null) return null;
      close(draft, "merged");
      draft.set({ mergedInto: input.into });
      draft.log("merged", null, null);
      return draft.finish();
    default:
      return input satisfies never;
  }
}
