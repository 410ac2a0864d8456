import type { ChangeOutcomeView, JobView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { FormField } from "../../components/FormField.tsx";
import { AskSheet } from "./AskSheet.tsx";
import { renameJob } from "./save-job.ts";
import { problemOf } from "./save-result.ts";

export interface JobSheetProps {
  readonly job: JobView;
  onOutcome(outcome: ChangeOutcomeView): void;
  onClose(): void;
}

/** Most characters of a job's name; the server takes no more. */
const NAME_LENGTH = 512;

/** The job goes on under another name. */
export function RenameSheet({ job, onOutcome, onClose }: JobSheetProps): ReactNode {
  const [to, setTo] = useState({ name: job.name, namespace: job.namespace });
  const [name, namespace] = [to.name.trim(), to.namespace.trim()];
  const isSame = name === job.name && namespace === job.namespace;
  return (
    <AskSheet
      title="Rename this job?"
      verb="Rename"
      mayBreakGlass={false}
      fields={["name", "namespace"]}
      check={() => {
        if (name === "") return { code: "invalid_name", field: "name", message: "Give a name." };
        const message = "That is what it is called already.";
        return isSame ? { code: "nothing_changes", field: "name", message } : null;
      }}
      ask={(asked) => renameJob(job.jobId, { name, namespace }, asked, onOutcome)}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <p>
            Its history goes on under the new name, and what its source sends under the old one
            still belongs to it. A job of this source that has the new name already is taken in with
            all of its runs: that cannot be taken back.
          </p>
          <FormField
            label="New name"
            hint="As its source sends it."
            problem={problemOf(problem, "name")}
          >
            {(control) => (
              <input
                {...control}
                value={to.name}
                maxLength={NAME_LENGTH}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                onChange={(event) => setTo({ ...to, name: event.target.value })}
              />
            )}
          </FormField>
          <FormField
            label="Namespace"
            hint="As its source sends it; empty where it sends none."
            problem={problemOf(problem, "namespace")}
          >
            {(control) => (
              <input
                {...control}
                value={to.namespace}
                maxLength={NAME_LENGTH}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                onChange={(event) => setTo({ ...to, namespace: event.target.value })}
              />
            )}
          </FormField>
        </>
      )}
    </AskSheet>
  );
}
