import { type ReactNode, useState } from "react";
import { FormField } from "../../components/FormField.tsx";
import { teamName, useMe } from "../../components/me.ts";
import { AskSheet } from "./AskSheet.tsx";
import type { JobSheetProps } from "./RenameSheet.tsx";
import { assignJob } from "./save-job.ts";
import { problemOf } from "./save-result.ts";

/** The job becomes another team's. */
export function AssignSheet({ job, onOutcome, onClose }: JobSheetProps): ReactNode {
  const me = useMe();
  const [teamId, setTeamId] = useState(job.settings.ownerTeamId ?? "");
  return (
    <AskSheet
      title="Give this job to a team?"
      verb="Give it"
      mayBreakGlass
      fields={["teamId"]}
      ask={(asked) => assignJob(job.jobId, teamId === "" ? null : teamId, asked, onOutcome)}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <p>
            Its people see the job’s runs and messages and are paged for it; those of{" "}
            {teamName(me, job.teamId)} are not any more. What was recorded of it goes along.
          </p>
          <FormField
            label="Team"
            hint="What a person set stays, whatever facts say."
            problem={problemOf(problem, "teamId")}
          >
            {(control) => (
              <select
                {...control}
                value={teamId}
                onChange={(event) => setTeamId(event.target.value)}
              >
                <option value="">As its source or facts say</option>
                {me.teams.map((team) => (
                  <option key={team.teamId} value={team.teamId}>
                    {team.name}
                  </option>
                ))}
              </select>
            )}
          </FormField>
        </>
      )}
    </AskSheet>
  );
}
