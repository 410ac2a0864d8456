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
  DeliveryState,
  DeliveryView,
  IncidentListItem,
  IncidentState,
  IncidentView,
  JobListItem,
  JobView,
  MeView,
  OncallView,
  PushDeviceView,
  RunListItem,
  RunView,
  SourceView,
  SystemHealth,
} from "batchwatch/router";
import { LIMITS } from "./live/limits.ts";
import { api, errorCode } from "./trpc.ts";

/** Every query key of the first load; those of people, approvals and the audit trail are in trust-queries.ts. */
const KEYS = {
  me: ["me"],
  health: ["health"],
  run: (executionId: string) => ["run", executionId],
  job: (jobId: string) => ["job", jobId],
  jobRuns: (jobId: string): readonly unknown[] => ["job-runs", jobId],
  calendars: ["calendars"],
  incident: (incidentId: string) => ["incident", incidentId],
  incidents: (filter: IncidentFilter): readonly unknown[] => ["incidents", filter],
  sources: ["sources"],
  oncall: ["oncall"],
  deliveries: (states: readonly DeliveryState[]): readonly unknown[] => ["deliveries", states],
  devices: ["devices"],
  jobs: (text: string, team: string | undefined): readonly unknown[] => ["jobs", text, team ?? ""],
};

/** Which incidents of the history. */
export interface IncidentFilter {
  readonly states?: IncidentState[];
  readonly jobId?: string;
  readonly team?: string;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
export type Query<T> = UseQueryOptions<T>;
export type Pages<T> = UseInfiniteQueryOptions<
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

export function incidentQuery(incidentId: string): Query<IncidentView> {
  return queryOptions<IncidentView>({
    queryKey: KEYS.incident(incidentId),
    queryFn: () => api.incidents.get.query({ incidentId }),
    staleTime: 0,
  });
}

export function incidentsQuery(filter: IncidentFilter): Pages<IncidentListItem> {
  return infiniteQueryOptions({
    queryKey: KEYS.incidents(filter),
    queryFn: ({ pageParam }): Promise<ListPage<IncidentListItem>> =>
      api.incidents.list.query({ filter, limit: LIMITS.pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function sourcesQuery(): Query<readonly SourceView[]> {
  return queryOptions<readonly SourceView[]>({
    queryKey: KEYS.sources,
    queryFn: async () => (await api.sources.list.query()).items,
  });
}

export function oncallQuery(): Query<readonly OncallView[]> {
  return queryOptions<readonly OncallView[]>({
    queryKey: KEYS.oncall,
    queryFn: async () => (await api.oncall.now.query()).items,
  });
}

export function deliveriesQuery(states: DeliveryState[]): Pages<DeliveryView> {
  return infiniteQueryOptions({
    queryKey: KEYS.deliveries(states),
    queryFn: ({ pageParam }): Promise<ListPage<DeliveryView>> =>
      api.deliveries.list.query({
        ...(states.length > 0 && { filter: { states } }),
        limit: LIMITS.pageSize,
        cursor: pageParam,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
