import {
  checkedCalendar,
  inScope,
  type Job,
  jobIdOf,
  type ProposedChange,
  type Scope,
  StoreError,
  type Stores,
  type User,
} from "@batchwatch/engine";
import type { Ask } from "./approval-services.ts";
import type { ChangeServices, ChangeTarget, JobAnswer } from "./services.ts";
import { changedJobView } from "./settings-views.ts";

export interface ChangeParts {
  readonly stores: { readonly jobs: Pick<Stores["jobs"], "get"> };
  readonly ask: Ask;
  readonly now: () => number;
}

/** What people change on jobs and calendars. Every change is asked for; whether it is applied at once is not decided here. */
export function makeChangeServices({ stores, ask, now }: ChangeParts): ChangeServices {
  /** Null when the job is not there, or not for this person. */
  async function ofJob(
    user: User,
    scope: Scope,
    target: ChangeTarget,
    changeOf: (job: Job) => ProposedChange | Promise<ProposedChange>,
    asked?: string,
  ): Promise<JobAnswer> {
    const job = await stores.jobs.get(target.jobId);
    if (job === null || !inScope(scope, job.ownerTeamId)) return null;
    const { outcome, settings } = await ask(user, await changeOf(job), { ...target, asked });
    return settings === null ? null : { ...changedJobView(settings), ...outcome };
  }

  /**
   * A rename takes in the job that bears the name already: another team's is not for the taking, and nothing is told of it but
   * that the name is not free.
   */
  async function refuseForeignName(
    scope: Scope,
    job: Job,
    { namespace, name }: { readonly namespace: string; readonly name: string },
  ): Promise<void> {
    const bearer = await stores.jobs.get(jobIdOf(job.sourceId, namespace, name));
    if (bearer === null || inScope(scope, bearer.ownerTeamId)) return;
    throw new StoreError("name_taken", `name: "${name}" is not free; choose another name.`);
  }

  return {
    jobs: {
      configure: (user, scope, target, change) =>
        ofJob(user, scope, target, ({ jobId }) => ({
          kind: "job-configure",
          payload: { jobId, change },
        })),
      rename: (user, scope, target, { name, namespace }) =>
        ofJob(user, scope, target, async (job) => {
          const to = { name: name.trim(), namespace: namespace ?? job.namespace };
          await refuseForeignName(scope, job, to);
          return { kind: "job-rename", payload: { jobId: job.jobId, ...to } };
        }),
      retire: (user, scope, target, from) =>
        ofJob(
          user,
          scope,
          target,
          ({ jobId }) => ({
            kind: "job-retire",
            payload: { jobId, from: from === undefined ? now() : from },
          }),
          from === undefined ? "now" : undefined,
        ),
      assign: (user, scope, target, teamId) =>
        ofJob(user, scope, target, ({ jobId }) => ({
          kind: "job-assign",
          payload: { jobId, teamId },
        })),
    },
    putCalendar: async (user, asking, given) => {
      const calendar = checkedCalendar(given);
      const change = { kind: "calendar-put", payload: { calendar } } as const;
      const { outcome } = await ask(user, change, asking);
      return { ...calendar, ...outcome };
    },
  };
}
