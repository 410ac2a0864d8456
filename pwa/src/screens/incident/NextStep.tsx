import { WebLink } from "../../components/WebLink.tsx";
import { useQuery } from "@tanstack/react-query";
import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { CopyButton } from "../../components/CopyButton.tsx";
import { evidenceSentence, originSentence } from "../../components/evidence-words.ts";
import { useNow } from "../../live/tick-clock.ts";
import { runQuery } from "../../queries.ts";
import { RunRecovery } from "../run/RunRecovery.tsx";
import { incidentText } from "./incident-text.ts";

const STEP_MS = 10_000;

/** What was seen, and the next thing that is safe to do. */
export function NextStep({ incident }: { readonly incident: IncidentView }): ReactNode {
  const now = useNow(STEP_MS);
  const { executionId, jobId, evidence, firstStep, runbookUrl, recoveryRecipe, sourceName } =
    incident;
  const run = { startedAt: null, endedAt: null, durationMs: null };
  const address = `${location.origin}/incidents/${incident.incidentId}`;
  return (
    <section aria-labelledby="next-title">
      <h2 id="next-title" className="section-title">
        What to do
      </h2>
      <div className="panel next-step">
        {evidence.map((each) => {
          const origin = originSentence(each);
          return (
            <div key={each.code}>
              <p className="num">{evidenceSentence(each, run, now)}</p>
              {origin !== null && <p className="secondary num">{origin}</p>}
            </div>
          );
        })}
        {firstStep === null ? (
          <p className="secondary">
            No first step is written for this job.
            {jobId !== null && <Link href={`/jobs/${jobId}`}> See the job</Link>}
          </p>
        ) : (
          <p>
            <strong>First step:</strong> {firstStep}
          </p>
        )}
        {recoveryRecipe !== null && <p className="recipe">{recoveryRecipe}</p>}
        <div className="buttons">
          {runbookUrl !== null && (
            <WebLink className="button" address={runbookUrl}>
              Runbook
            </WebLink>
          )}
          {executionId !== null && (
            <Link className="button" href={`/runs/${executionId}`}>
              Open the run
            </Link>
          )}
          <CopyButton text={incidentText(incident, address, now)} />
        </div>
        {sourceName !== null && <p className="secondary">Heard from {sourceName}.</p>}
      </div>
      {incident.causeKind === "STALLED" && executionId !== null && (
        <StalledRecovery executionId={executionId} />
      )}
    </section>
  );
}

/** The way back needs the run itself: its host and its key. */
function StalledRecovery({ executionId }: { readonly executionId: string }): ReactNode {
  const { data } = useQuery(runQuery(executionId));
  return data === undefined ? null : <RunRecovery run={data} />;
}
