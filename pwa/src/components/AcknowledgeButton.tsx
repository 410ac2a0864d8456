import type { IncidentListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { clock, useNow } from "../live/tick-clock.ts";
import { useCommands } from "../offline/commands.ts";
import { isAcknowledging } from "./claim.ts";
import { acknowledgingWords } from "./outcome-words.ts";
import { acknowledge } from "./recent-acks.ts";
import { useBoundTap } from "./use-bound-tap.ts";

export interface AcknowledgeButtonProps {
  readonly incident: Pick<IncidentListItem, "incidentId" | "jobName" | "version">;
}

/** "I have it." One tap; what was touched is what is acknowledged. */
export function AcknowledgeButton({ incident }: AcknowledgeButtonProps): ReactNode {
  const { incidentId, jobName, version } = incident;
  const commands = useCommands(incidentId);
  const isUnderWay = isAcknowledging(commands, version);
  const now = useNow();
  const tap = useBoundTap({ incidentId, name: jobName }, (target) => void acknowledge([target]));
  if (isUnderWay) {
    return (
      <span className="acknowledging num">{acknowledgingWords(commands, now, clock.skewMs())}</span>
    );
  }
  return (
    <button type="button" className="button primary acknowledge" {...tap}>
      Acknowledge<span className="visually-hidden"> {jobName}</span>
    </button>
  );
}
