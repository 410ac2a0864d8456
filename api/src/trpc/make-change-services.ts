import {
  type ChangeAuthor,
  checkedCalendar,
  checkedChange,
  checkedJobName,
  inScope,
  type Job,
  jobIdOf,
  type JobSettings,
  type Scope,
  StoreError,
  type Stores,
  type User,
} from "@batchwatch/engine";
import type { ChangeServices, ChangeTarget } from "./services.ts";
import { changedJobView } from "./settings-views.ts";

export interface ChangeParts {
  readonly stores: Pick<Stores, "jobs" | "settings" | "calendars">;
  readonly now: () => number;
  /** Lets this process know of a change at once; others notice it by themselves. */
  readonly changed: () => Promise<void>;
}

export function makeChangeServices(parts: ChangeParts): ChangeServices {
  const { stores, now, changed } = parts;

  /**
   * Every change that a person makes through the API passes here. It is carried out at once; a change that
   * needs a second person's approval will be held back at this point.
   */
  async function applyChange<T>(
    user: User,
    commandId: string,
    apply: (by: ChangeAuthor, at: number) => Promise<T>,
  ): Promise<T> {
    const answer = await apply({ userId: user.userId, name: user.name, commandId }, now());
    await changed();
    return answer;
  }

  /** Null when the job is not there, or not for this person. */
  async function ofJob(
    user: User,
    scope: Scope,
    target: ChangeTarget,
    apply: (job: Job, by: ChangeAuthor, at: number) => Promise<JobSettings>,
  ): ReturnType<ChangeServices["jobs"]["configure"]> {
    const job = await stores.jobs.get(target.jobId);
    if (job === null || !inScope(scope, job.ownerTeamId)) return null;
    return changedJobView(
      await applyChange(user, target.commandId, (by, at) => apply(job, by, at)),
    );
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
      configure: async (user, scope, target, change) => {
        const checked = checkedChange(change);
        return ofJob(user, scope, target, ({ jobId }, by, at) =>
          stores.settings.configure(jobId, checked, by, at),
        );
      },
      rename: (user, scope, target, { name, namespace }) =>
        ofJob(user, scope, target, async (job, by, at) => {
          const to = checkedJobName({ name, namespace: namespace ?? job.namespace });
          await refuseForeignName(scope, job, to);
          return stores.settings.rename(job.jobId, to, by, at);
        }),
      retire: (user, scope, target, from) =>
        ofJob(user, scope, target, ({ jobId }, by, at) =>
          stores.settings.retire(jobId, from === undefined ? at : from, by, at),
        ),
      assign: (user, scope, target, teamId) =>
        ofJob(user, scope, target, ({ jobId }, by, at) =>
          stores.settings.assign(jobId, teamId, by, at),
        ),
    },
    putCalendar: async (user, commandId, calendar) => {
      const checked = checkedCalendar(calendar);
      return applyChange(user, commandId, (by, at) => stores.calendars.put(checked, by, at));
    },
  };
}
