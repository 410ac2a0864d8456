import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  type UseInfiniteQueryOptions,
  type UseQueryOptions,
} from "@tanstack/react-query";
import type { InfiniteData } from "@tanstack/react-query";
import type {
  Calendar,
  JobListItem,
  JobView,
  MeView,
  PushDeviceView,
  RunListItem,
  RunView,
  SystemHealth,
} from "batchwatch/router";
import { LIMITS } from "./live/limits.ts";
import { api, errorCode } from "./trpc.ts";

/** Every query key of the app. */
const KEYS = {
  me: ["me"],
  health: ["health"],
  run: (executionId: string) => ["run", executionId],
  job: (jobId: string) => ["job", jobId],
  jobRuns: (jobId: string): readonly unknown[] => ["job-runs", jobId],
  calendars: ["calendars"],
  devices: ["devices"],
  jobs: (text: string, team: string | undefined): readonly unknown[] => ["jobs", text, team ?? ""],
};

interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
type Query<T> = UseQueryOptions<T>;
type Pages<T> = UseInfiniteQueryOptions<
  ListPage<T>,
  Error,
  InfiniteData<ListPage<T>>,
  readonly unknown[],
  string | null
>;

/** Refusals are final; anything else is tried twice more. */
function retry(failureCount: number, error: unknown): boolean {
  const isFinal = /UNAUTHORIZED|FORBIDDEN|NOT_FOUND|BAD_REQUEST/.test(errorCode(error));
  return !isFinal && failureCount < 2;
}

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 10_000 } },
});

export function meQuery(): Query<MeView> {
  return queryOptions<MeView>({ queryKey: KEYS.me, queryFn: () => api.me.get.query() });
}

export function healthQuery(): Query<SystemHealth> {
  return queryOptions<SystemHealth>({
    queryKey: KEYS.health,
    queryFn: () => api.health.get.query(),
  });
}

export function runQuery(executionId: string): Query<RunView> {
  return queryOptions<RunView>({
    queryKey: KEYS.run(executionId),
    queryFn: () => api.runs.get.query({ executionId }),
    staleTime: 0,
  });
}

export function jobQuery(jobId: string): Query<JobView> {
  return queryOptions<JobView>({
    queryKey: KEYS.job(jobId),
    queryFn: () => api.jobs.get.query({ jobId }),
  });
}

/** Calendars change rarely, and a stale name harms nobody. */
export function calendarsQuery(): Query<readonly Calendar[]> {
  return queryOptions<readonly Calendar[]>({
    queryKey: KEYS.calendars,
    queryFn: () => api.calendars.list.query(),
    staleTime: 300_000,
  });
}

/** The caller's own browsers that can be woken. */
export function devicesQuery(): Query<readonly PushDeviceView[]> {
  return queryOptions<readonly PushDeviceView[]>({
    queryKey: KEYS.devices,
    queryFn: () => api.push.devices.query(),
  });
}

export function jobRunsQuery(jobId: string): Pages<RunListItem> {
  return infiniteQueryOptions({
    queryKey: KEYS.jobRuns(jobId),
    queryFn: ({ pageParam }): Promise<ListPage<RunListItem>> =>
      api.runs.list.query({ filter: { jobId }, limit: LIMITS.pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function jobsQuery(text: string, team: string | undefined): Pages<JobListItem> {
  const filter = { ...(text !== "" && { text }), ...(team !== undefined && { team }) };
  return infiniteQueryOptions({
    queryKey: KEYS.jobs(text, team),
    queryFn: ({ pageParam }): Promise<ListPage<JobListItem>> =>
      api.jobs.list.query({ filter, limit: LIMITS.pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
