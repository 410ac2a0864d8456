import type { ClockSettings } from "batchwatch/router";
import { errorSentence } from "../../components/words.ts";
import { jobQuery, queryClient } from "../../queries.ts";
import { api, errorCode, refusalOf } from "../../trpc.ts";
import { changeProblemWords } from "../../components/change-words.ts";
import type { AskedWith } from "../../components/use-asking.ts";
import { approvalsChanged } from "../../trust-queries.ts";
import type { FieldProblem, SaveResult } from "./save-result.ts";
import type { ScheduleInput } from "./ScheduleForm.tsx";

/** What this page changes on a job; what is left out stays as it is. */
export interface JobChangeInput {
  readonly schedule?: ScheduleInput | null;
  readonly clocks?: ClockSettings;
}

/** Asks for the change, then fetches the job and what waits again, so that what is shown is what is stored. */
export async function saveJob(
  jobId: string,
  change: JobChangeInput,
  { reason, breakGlass }: AskedWith,
): Promise<SaveResult> {
  try {
    const commandId = crypto.randomUUID();
    await api.jobs.configure.mutate({ commandId, jobId, change, reason, breakGlass });
  } catch (error) {
    return problemFrom(error);
  }
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: jobQuery(jobId).queryKey }),
    approvalsChanged(),
  ]);
  return null;
}

/** The refusal for the field it is about; what is no refusal of the change becomes a sentence for the whole form. */
export function problemFrom(error: unknown): FieldProblem {
  const refusal = refusalOf(error);
  if (refusal === null) {
    const code = errorCode(error);
    return { code, field: "", message: errorSentence(code, "job") };
  }
  const { reason } = refusal;
  const field = refusal.field.replace(/^change\./, "");
  const words = changeProblemWords(reason);
  if (words !== null) return { code: reason, field: "", message: words };
  if (reason !== "invalid_input") return { code: reason, field, message: refusal.message };
  const message = field.startsWith("clocks.")
    ? "Give a duration from 1 s to 31 d."
    : "This value is not accepted here.";
  return { code: reason, field, message };
}
