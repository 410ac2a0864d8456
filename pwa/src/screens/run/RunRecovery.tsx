import type { RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { CopyButton } from "../../components/CopyButton.tsx";
import { recoverySteps, recoveryText } from "./recovery-text.ts";

/**
 * The way back, below the evidence, for a run whose process may be dead. Batchwatch only reads: people act.
 */
export function RunRecovery({ run }: { readonly run: RunView }): ReactNode {
  return (
    <section aria-labelledby="recovery-title">
      <h2 id="recovery-title" className="section-title">
        If the process is dead
      </h2>
      <div className="panel recovery">
        <ol className="steps">
          {recoverySteps(run).map(({ title, text }) => (
            <li key={title}>
              <strong>{title}</strong> {text}
            </li>
          ))}
        </ol>
        <div className="recovery-foot">
          <CopyButton text={recoveryText(run)} />
          <p className="secondary">
            Batchwatch is read-only: it never changes a job or its tables. A job that is not Spring
            Batch has its own way back: see its runbook.
          </p>
        </div>
      </div>
    </section>
  );
}
