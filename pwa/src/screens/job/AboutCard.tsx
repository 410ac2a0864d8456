import type { ChangeOutcomeView, JobView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { EditableSection } from "../../components/EditableSection.tsx";
import { FactList } from "../../components/Facts.tsx";
import { mayConfigure, mayRunSources, useMe } from "../../components/me.ts";
import { WebLink } from "../../components/WebLink.tsx";
import { AboutForm } from "./AboutForm.tsx";
import { aboutFacts, plannedRetirement } from "./about-words.ts";
import { AssignSheet } from "./AssignSheet.tsx";
import { RenameSheet } from "./RenameSheet.tsx";
import { RetireSheet, UnretireSheet } from "./RetireSheet.tsx";

type SheetName = "rename" | "assign" | "retire" | "unretire";

/** What the job is called, how much it matters, whose it is, and what to do when it fails; what became of the last change of that. */
export function AboutCard({ job }: { readonly job: JobView }): ReactNode {
  const me = useMe();
  const [outcome, setOutcome] = useState<ChangeOutcomeView | null>(null);
  return (
    <>
      <EditableSection
        title="About this job"
        change={mayConfigure(me) ? "Change what is set" : null}
        renderForm={(done) => <AboutForm job={job} onOutcome={setOutcome} onDone={done} />}
      >
        <FactList facts={aboutFacts(job, me)} />
        {job.runbookUrl !== null && (
          <p className="after-panel">
            <WebLink address={job.runbookUrl} className="button">
              Runbook
            </WebLink>
          </p>
        )}
      </EditableSection>
      {mayConfigure(me) && <OtherChanges job={job} onOutcome={setOutcome} />}
      <Outcome outcome={outcome} />
    </>
  );
}

/** What became of it, and the way to withdraw it or to take it back. */
function Outcome({ outcome }: { readonly outcome: ChangeOutcomeView | null }): ReactNode {
  return (
    <div role="status" className={outcome === null ? "" : "after-panel"}>
      {outcome !== null && (
        <p className={outcome.outcome === "waiting" ? "note note-waiting" : "note note-done"}>
          <span className="grow-words">{outcomeWords(outcome)}</span>
          {outcome.request !== null && (
            <Link className="button" href={`/more/approvals/${outcome.request.requestId}`}>
              {outcome.outcome === "waiting" ? "Withdraw it" : "Take it back"}
            </Link>
          )}
        </p>
      )}
    </div>
  );
}

function outcomeWords({ outcome, request }: ChangeOutcomeView): string {
  if (request === null) return "It was so already. Nothing was changed.";
  if (outcome === "waiting") return "Asked for. Nothing is changed until a second person approves.";
  return request.mode === "break-glass" ? "Applied, without a second person so far." : "Applied.";
}

interface OtherChangesProps {
  readonly job: JobView;
  onOutcome(outcome: ChangeOutcomeView): void;
}

/** What has consequences of its own, each in a sheet that says them. */
function OtherChanges({ job, onOutcome }: OtherChangesProps): ReactNode {
  const me = useMe();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const props = { job, onOutcome, onClose: () => setSheet(null) };
  const isRetired = job.lifecycle === "RETIRED" || plannedRetirement(job) !== null;
  const retiring = isRetired ? "unretire" : "retire";
  return (
    <>
      <div className="buttons after-panel">
        {mayRunSources(me) && (
          <button type="button" className="button" onClick={() => setSheet("assign")}>
            Give to a team…
          </button>
        )}
        <button type="button" className="button" onClick={() => setSheet("rename")}>
          Rename…
        </button>
        <button type="button" className="button" onClick={() => setSheet(retiring)}>
          {isRetired ? "Take the retirement back…" : "Retire…"}
        </button>
      </div>
      {sheet === "assign" && <AssignSheet {...props} />}
      {sheet === "rename" && <RenameSheet {...props} />}
      {sheet === "retire" && <RetireSheet {...props} />}
      {sheet === "unretire" && <UnretireSheet {...props} />}
    </>
  );
}
