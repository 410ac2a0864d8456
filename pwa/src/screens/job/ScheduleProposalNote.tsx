import type { ScheduleProposal } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { type AskedWith, useAsking } from "../../components/use-asking.ts";
import { otherProblem, type SaveResult } from "./save-result.ts";
import { proposalSentence } from "./schedule-words.ts";
import { useCronWords } from "./use-cron-words.ts";
import { useSave } from "./use-save.ts";

export interface ScheduleProposalNoteProps {
  readonly proposal: ScheduleProposal;
  readonly mayChange: boolean;
  onUse(asked: AskedWith): Promise<SaveResult>;
}

/** What the job's past suggests. Nothing is due by it until a person takes it. */
export function ScheduleProposalNote(props: ScheduleProposalNoteProps): ReactNode {
  const { proposal, mayChange, onUse } = props;
  const [isAsking, setAsking] = useState(false);
  const words = useCronWords(proposal.expression);
  return (
    <div className="card s-running proposal">
      <p className="num">{proposalSentence(proposal, words)}</p>
      {mayChange && (
        <button type="button" className="button primary" onClick={() => setAsking(true)}>
          Use this schedule
        </button>
      )}
      {isAsking && <UseSheet onUse={onUse} onClose={() => setAsking(false)} />}
    </div>
  );
}

interface UseSheetProps {
  onUse(asked: AskedWith): Promise<SaveResult>;
  onClose(): void;
}

function UseSheet({ onUse, onClose }: UseSheetProps): ReactNode {
  const asking = useAsking();
  const { problem, isSaving, save } = useSave(onClose);
  return (
    <Sheet title="Use this schedule?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (asking.check()) save(() => onUse(asking));
        }}
      >
        <p>The job is due by it from then on, and late when it has not begun.</p>
        <AskingFields asking={asking} />
        <p className="problem" role="alert">
          {otherProblem(problem, [])}
        </p>
        <button type="submit" className="button primary wide" disabled={isSaving}>
          {asking.verb}
        </button>
      </form>
    </Sheet>
  );
}
