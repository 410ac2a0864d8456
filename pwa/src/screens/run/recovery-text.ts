import type { RunView } from "batchwatch/router";
import { formatDuration, formatMoment } from "../../components/format.ts";

export interface RecoveryStep {
  readonly title: string;
  readonly text: string;
}

/** What was seen, with whole moments, as it may be read days later in a ticket. */
function recoveryEvidence(run: RunView): string {
  const { evidence, host } = run;
  const where = host === null ? "" : ` on ${host}`;
  const subject = `${run.jobName}, run ${run.runKey}, attempt ${run.attempt}${where}`;
  const seen = evidence.find((each) => each.code === "standing-still");
  if (seen === undefined) return `${subject}.`;
  const last = formatMoment(Date.parse(seen.lastCommitAt));
  const stage = seen.stage === null ? "" : ` of stage ${seen.stage}`;
  const sign =
    seen.usualGapMs === null
      ? `last sign of life${stage} ${last}`
      : `last commit${stage} ${last}, usual gap ${formatDuration(seen.usualGapMs)}`;
  return `${subject}: ${sign}, limit ${formatDuration(seen.limitMs)}. The process may be dead.`;
}

/** In the order in which they are safe. Recovery does not check that the process is gone, so that comes first. */
export function recoverySteps(run: RunView): readonly RecoveryStep[] {
  const place = run.host === null ? "Look at its host, pod or scheduler" : `Look at ${run.host}`;
  return [
    {
      title: "First prove that the process is gone.",
      text: `${place}. Recovery does not check this: if the process still runs, a restart processes everything twice. Do other runs of the same source still commit? Then the database and the network are well, and this process is probably dead.`,
    },
    {
      title: "Spring Batch 6:",
      text: `JobOperator.recover for execution ${run.runKey}, then JobOperator.restart. Read the row in BATCH_JOB_EXECUTION afterwards: the exit code of the command line is not reliable.`,
    },
    {
      title: "Spring Batch 4 and 5:",
      text: "by your change process, set STATUS = FAILED and also END_TIME, on the job execution and on each of its running steps; with STATUS alone it still counts as running. Then restart.",
    },
    {
      title: "STATUS UNKNOWN:",
      text: "can be neither recovered nor restarted. The job's owner has to decide.",
    },
  ];
}

/** All of it as plain text for a ticket or a message. */
export function recoveryText(run: RunView): string {
  const steps = recoverySteps(run).map(({ title, text }, at) => `${at + 1}. ${title} ${text}`);
  return [recoveryEvidence(run), "", ...steps].join("\n");
}
