import {
  EVERYONE,
  type ChangeAuthor,
  checkedJobName,
  HOST_AUTHOR_ID,
  type Job,
  type JobSettings,
  LIMITS,
  type Stores,
} from "@batchwatch/engine";
import { CommandError, UsageError, type Command, type Given } from "./command.ts";
import { withStores } from "./open-store.ts";
import { positional, text } from "./values.ts";

/** Whoever may write the store's file may use it without a second person; the record says so. */
export const AT_THE_HOST: ChangeAuthor = { userId: HOST_AUTHOR_ID, name: "command line" };

async function everyJob(
  stores: Stores,
  filter: { text?: string; teamId?: string },
): Promise<Job[]> {
  const found: Job[] = [];
  let cursor: string | null = null;
  do {
    const page = await stores.jobs.list(EVERYONE, filter, LIMITS.pageSize, cursor);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

/** The job of this id, or the only one of this name. */
async function findJob(stores: Stores, given: string): Promise<Job> {
  const byId = await stores.jobs.get(given);
  if (byId !== null) return byId;
  const named = (await everyJob(stores, { text: given })).filter((job) => job.name === given);
  const [only, ...others] = named;
  if (only === undefined) {
    throw new CommandError(`There is no job "${given}"; see: batchwatch job list`);
  }
  if (others.length === 0) return only;
  const ids = named.map((job) => `${job.jobId} (${job.namespace})`).join(", ");
  throw new CommandError(`${named.length} jobs are called "${given}"; name one by its id: ${ids}.`);
}

export const jobList: Command = {
  name: "job list",
  sentence: "Lists the jobs.",
  usage: "[--text TEXT] [--team TEAM]",
  details: ["TEXT is part of a name; TEAM is a team's id."],
  options: { text: { type: "string" }, team: { type: "string" } },
  positionals: 0,
  run(given) {
    const [part, teamId] = [text(given, "text"), text(given, "team")];
    return withStores(given.io.env, async (stores) => {
      const jobs = await everyJob(stores, {
        ...(part === null ? {} : { text: part }),
        ...(teamId === null ? {} : { teamId }),
      });
      const found = jobs.map((job) => ({
        id: job.jobId,
        name: job.name,
        namespace: job.namespace,
        team: job.ownerTeamId,
        tier: job.tier,
        environment: job.environment,
        lifecycle: job.lifecycle,
        lastSeenAt: new Date(job.lastSeenAt).toISOString(),
      }));
      const lines = found.map(
        (one) =>
          `${one.id}  ${one.name}  ${one.namespace}  ${one.team}  tier ${one.tier ?? "default"}  ${one.lifecycle}  last seen ${one.lastSeenAt}`,
      );
      return { lines: lines.length === 0 ? ["There are no jobs."] : lines, json: found };
    });
  },
};

export const JOB_HINT = "JOB is a job's id, or its name where only one job has it.";

export const jobRename: Command = {
  name: "job rename",
  sentence: "Continues a job's history under a new name.",
  usage: "JOB NAME [--namespace NAMESPACE]",
  details: [
    JOB_HINT,
    "Facts under NAME belong to the job from now on; a job that has that name already is taken in.",
    "NAMESPACE stays as it is when left out.",
  ],
  options: { namespace: { type: "string" } },
  positionals: 2,
  run(given) {
    const name = positional(given, 1, "new name");
    const namespace = text(given, "namespace");
    return changeJob("job rename", given, positional(given, 0, "job"), ({ settings }, job, now) => {
      const to = checkedJobName({ name, namespace: namespace ?? job.namespace });
      return settings.rename(job.jobId, to, AT_THE_HOST, now);
    });
  },
};

export const jobRetire: Command = {
  name: "job retire",
  sentence: "Says that nothing is expected of a job any more.",
  usage: "JOB [--from TIME | --undo]",
  details: [
    JOB_HINT,
    "TIME is ISO 8601 with an offset, such as 2027-01-01T00:00:00+01:00; now when left out.",
    "--undo takes a retirement back. The job's history stays.",
  ],
  options: { from: { type: "string" }, undo: { type: "boolean" } },
  positionals: 1,
  run(given) {
    const undo = given.values["undo"] === true;
    const time = text(given, "from");
    if (undo && time !== null) throw new UsageError("--from and --undo exclude each other.");
    const from = time === null ? null : instant(time);
    return changeJob(
      "job retire",
      given,
      positional(given, 0, "job"),
      ({ settings }, { jobId }, now) =>
        settings.retire(jobId, undo ? null : (from ?? now), AT_THE_HOST, now),
    );
  },
};

export const jobAssign: Command = {
  name: "job assign",
  sentence: "Says which team a job is of, whatever its facts say.",
  usage: "JOB TEAM | JOB --undo",
  details: [JOB_HINT, "TEAM is a team's id. --undo lets facts decide again."],
  options: { undo: { type: "boolean" } },
  positionals: 2,
  run(given) {
    const undo = given.values["undo"] === true;
    if (undo && given.positionals.length > 1)
      throw new UsageError("TEAM and --undo exclude each other.");
    const teamId = undo ? null : positional(given, 1, "team");
    return changeJob(
      "job assign",
      given,
      positional(given, 0, "job"),
      ({ settings }, { jobId }, now) => settings.assign(jobId, teamId, AT_THE_HOST, now),
    );
  },
};

function instant(time: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(time) ? Date.parse(time) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--from is "${time}"; it must be a time with an offset, such as 2027-01-01T00:00:00Z.`,
  );
}

/** Changes the named job and says what it is now. */
export function changeJob(
  command: string,
  given: Given,
  job: string,
  change: (stores: Stores, job: Job, now: number) => Promise<JobSettings>,
): ReturnType<Command["run"]> {
  return withStores(given.io.env, async (stores, { begins }) => {
    const found = await findJob(stores, job);
    const subject = { subjectKind: "job", subjectId: found.jobId, teamId: found.ownerTeamId };
    await begins({ command, ...subject });
    const now = Date.now();
    const settings = await change(stores, found, now);
    const { jobId, name, namespace, lifecycle } = settings;
    const changes = await stores.settings.changes(jobId, LIMITS.pageSize);
    const fields = changes
      .filter(({ at, userId }) => at === now && userId === HOST_AUTHOR_ID)
      .map(({ field }) => field);
    return {
      host: { command, subjectKind: "job", subjectId: jobId, teamId: found.ownerTeamId, fields },
      lines: [`${name} (${namespace}), id ${jobId}: ${lifecycle}.`],
      json: { id: jobId, name, namespace, settings },
    };
  });
}
