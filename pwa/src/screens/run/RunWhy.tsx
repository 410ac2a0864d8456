import type { RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { evidenceSentence, originSentence } from "../../components/evidence-words.ts";
import { useNow } from "../../live/tick-clock.ts";

/** Why the run is shown in its state: the evidence of the clocks, and where each limit comes from. */
export function RunWhy({ run }: { readonly run: RunView }): ReactNode {
  const now = useNow(1_000);
  if (run.evidence.length === 0) return null;
  return (
    <section aria-labelledby="why-title">
      <h2 id="why-title" className="section-title">
        Why
      </h2>
      <ul className="panel why">
        {run.evidence.map((evidence) => {
          const origin = originSentence(evidence);
          return (
            <li key={evidence.code}>
              <p className="num">{evidenceSentence(evidence, run, now)}</p>
              {origin !== null && (
                <p className="secondary num">
                  {origin} <Link href={`/jobs/${run.jobId}`}>Clocks of this job</Link>
                </p>
              )}
              {evidence.code === "new-attempt" && (
                <p className="secondary">
                  <Link href={`/runs/${evidence.earlierExecutionId}`}>
                    Open the earlier attempt
                  </Link>
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
