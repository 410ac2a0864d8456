import type { ReactNode } from "react";
import { CopyLines } from "../../components/CopyLines.tsx";

/** First run: nothing to show yet, and the lines that change it. */
export function NoSource(): ReactNode {
  const curl = [
    `curl ${location.origin}/api/v1/observations \\`,
    "  -H 'Authorization: Bearer <key>' -H 'Content-Type: application/json' \\",
    `  -d '[{"job":{"name":"payments-eod"},"run":{"id":"1"},"kind":"started","at":"'$(date -u +%FT%TZ)'"}]'`,
  ].join("\n");
  return (
    <div className="page no-source">
      <h1 className="verdict">No job is watched yet.</h1>
      <p>Paste one line into a job, or look around a sample bank.</p>
      <h2>1. Make a source; this prints its key once</h2>
      <CopyLines text="npx --no batchwatch source add --contract native --name my-jobs" />
      <h2>2. Tell Batchwatch that a job has started</h2>
      <CopyLines text={curl} />
      <p className="secondary">
        Send the same with "succeeded" or "failed" as its kind when the job ends. It appears here by
        itself.
      </p>
      <h2>Or look around with sample data</h2>
      <CopyLines text="npm start -- --sample" />
    </div>
  );
}
