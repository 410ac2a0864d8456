import { type ReactNode, useState } from "react";
import { FormField } from "../../components/FormField.tsx";
import { AskSheet } from "./AskSheet.tsx";
import type { JobSheetProps } from "./RenameSheet.tsx";
import { retireJob } from "./save-job.ts";
import { problemOf } from "./save-result.ts";

/** Nothing is expected of it any more. */
export function RetireSheet({ job, onOutcome, onClose }: JobSheetProps): ReactNode {
  /** A local time of this device; empty: at once. */
  const [from, setFrom] = useState("");
  return (
    <AskSheet
      title="Retire this job?"
      verb="Retire"
      mayBreakGlass
      fields={["from"]}
      ask={(asked) => {
        const at = from === "" ? undefined : new Date(from).toISOString();
        return retireJob(job.jobId, at, asked, onOutcome);
      }}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <p>
            From then on nothing is expected of it: it is never late, what is open about it ends as
            retired, and nobody is told when it fails. Its history stays, and runs that come all the
            same are kept.
          </p>
          <FormField
            label="From"
            hint="In this device’s time zone. Empty: as soon as it is applied."
            problem={problemOf(problem, "from")}
          >
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </FormField>
        </>
      )}
    </AskSheet>
  );
}

/** It is expected again, as before. */
export function UnretireSheet({ job, onOutcome, onClose }: JobSheetProps): ReactNode {
  return (
    <AskSheet
      title="Take the retirement back?"
      verb="Take it back"
      mayBreakGlass
      fields={[]}
      ask={(asked) => retireJob(job.jobId, null, asked, onOutcome)}
      onClose={onClose}
    >
      {() => (
        <p>
          It is watched as before: with its schedule and its clocks, and people are told when it
          fails.
        </p>
      )}
    </AskSheet>
  );
}
