import type { ScheduleProposal } from "batchwatch/router";
import type { ReactNode } from "react";
import { otherProblem, type SaveResult } from "./save-result.ts";
import { proposalSentence } from "./schedule-words.ts";
import { useCronWords } from "./use-cron-words.ts";
import { useSave } from "./use-save.ts";

export interface ScheduleProposalNoteProps {
  readonly proposal: ScheduleProposal;
  readonly mayChange: boolean;
  onUse(): Promise<SaveResult>;
}

/** What the job's past suggests. Nothing is due by it until a person takes it. */
export function ScheduleProposalNote(props: ScheduleProposalNoteProps): ReactNode {
  const { proposal, mayChange, onUse } = props;
  const { problem, isSaving, save } = useSave(() => {});
  const words = useCronWords(proposal.expression);
  return (
    <div className="card s-running proposal">
      <p className="num">{proposalSentence(proposal, words)}</p>
      {problem !== null && (
        <p className="problem" role="alert">
          {otherProblem(problem, [])}
        </p>
      )}
      {mayChange && (
        <button
          type="button"
          className="button primary"
          disabled={isSaving}
          onClick={() => save(onUse)}
        >
          Use this schedule
        </button>
      )}
    </div>
  );
}
