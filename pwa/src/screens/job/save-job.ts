import type { ChangeOutcomeView, ClockSettings, JobSettingsView } from "batchwatch/router";
import { errorSentence } from "../../components/words.ts";
import { jobQuery, queryClient } from "../../queries.ts";
import { api, errorCode, refusalOf } from "../../trpc.ts";
import { changeProblemWords } from "../../components/change-words.ts";
import type { AskedWith } from "../../components/use-asking.ts";
import { approvalsChanged } from "../../trust-queries.ts";
import type { FieldProblem, SaveResult } from "./save-result.ts";
import type { ScheduleInput } from "./ScheduleForm.tsx";

export type JobTier = NonNullable<JobSettingsView["tier"]>;

/** What this page changes on a job; what is left out stays as it is. */
export interface JobChangeInput {
  readonly schedule?: ScheduleInput | null;
  readonly clocks?: ClockSettings;
  readonly tier?: JobTier | null;
  readonly monitored?: boolean;
  readonly businessName?: string | null;
  readonly runbookUrl?: string | null;
  readonly firstStep?: string | null;
}

type Told = (outcome: ChangeOutcomeView) => void;

export function saveJob(
  jobId: string,
  change: JobChangeInput,
  asked: AskedWith,
  told?: Told,
): Promise<SaveResult> {
  return propose(jobId, asked, (how) => api.jobs.configure.mutate({ jobId, change, ...how }), told);
}

export function renameJob(
  jobId: string,
  to: { readonly name: string; readonly namespace: string },
  asked: AskedWith,
  told?: Told,
): Promise<SaveResult> {
  return propose(jobId, asked, (how) => api.jobs.rename.mutate({ jobId, ...to, ...how }), told);
}

/** @param from ISO 8601; absent: now; null takes a retirement back */
export function retireJob(
  jobId: string,
  from: string | null | undefined,
  asked: AskedWith,
  told?: Told,
): Promise<SaveResult> {
  return propose(jobId, asked, (how) => api.jobs.retire.mutate({ jobId, from, ...how }), told);
}

/** @param teamId null: facts decide again */
export function assignJob(
  jobId: string,
  teamId: string | null,
  asked: AskedWith,
  told?: Told,
): Promise<SaveResult> {
  return propose(jobId, asked, (how) => api.jobs.assign.mutate({ jobId, teamId, ...how }), told);
}

/** Asks for the change, then fetches the job and what waits again, so that what is shown is what is stored. */
async function propose(
  jobId: string,
  { reason, breakGlass }: AskedWith,
  ask: (how: AskedWith & { readonly commandId: string }) => Promise<ChangeOutcomeView>,
  told?: Told,
): Promise<SaveResult> {
  try {
    const outcome = await ask({ commandId: crypto.randomUUID(), reason, breakGlass });
    told?.(outcome);
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
