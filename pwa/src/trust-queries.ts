import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  ApprovalStateView,
  AuditAction,
  AuditView,
  ChangeRequestView,
  ChangeState,
  RetentionView,
  SessionView,
  UserView,
} from "batchwatch/router";
import { LIMITS } from "./live/limits.ts";
import { type ListPage, type Pages, type Query, queryClient } from "./queries.ts";
import { api } from "./trpc.ts";

/** Queries of people, approvals and the audit trail: their screens come late, and these with them. */
const KEYS = {
  approvals: ["approvals"],
  approvalState: ["approvals", "state"],
  approvalList: (states: readonly ChangeState[]): readonly unknown[] => [
    "approvals",
    "list",
    ...states,
  ],
  approval: (requestId: string) => ["approvals", "one", requestId],
  audit: (filter: AuditQuery): readonly unknown[] => ["audit", filter],
  users: (text: string): readonly unknown[] => ["users", text],
  sessions: ["sessions"],
  hasPassword: ["has-password"],
  pairedDevices: ["paired-devices"],
  retention: ["retention"],
  source: (sourceId: string) => ["source", sourceId],
};

/** Waiting for a second person is nothing that a second decides, ms. */
const STATE_EVERY_MS = 30_000;

export function approvalStateQuery(): Query<ApprovalStateView> {
  return {
    ...queryOptions<ApprovalStateView>({
      queryKey: KEYS.approvalState,
      queryFn: () => api.approvals.state.query(),
    }),
    refetchInterval: STATE_EVERY_MS,
  };
}

export function approvalsQuery(states: ChangeState[]): Pages<ChangeRequestView> {
  return infiniteQueryOptions({
    queryKey: KEYS.approvalList(states),
    queryFn: ({ pageParam }): Promise<ListPage<ChangeRequestView>> =>
      api.approvals.list.query({ filter: { states }, limit: LIMITS.pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // Others ask and decide: who opens a list looks at it as it is now.
    staleTime: 0,
  });
}

export function approvalQuery(requestId: string): Query<ChangeRequestView> {
  return queryOptions<ChangeRequestView>({
    queryKey: KEYS.approval(requestId),
    queryFn: () => api.approvals.get.query({ requestId }),
    staleTime: 0,
  });
}

/** Something was asked for or decided: every list of it is fetched again. */
export async function approvalsChanged(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: KEYS.approvals });
}

/** Which records of the trail; times are ISO 8601. */
export interface AuditQuery {
  readonly actorId?: string;
  readonly action?: AuditAction;
  readonly subjectKind?: string;
  readonly team?: string;
  readonly subjectId?: string;
  readonly from?: string;
  readonly until?: string;
}

export function auditQuery(filter: AuditQuery): Pages<AuditView> {
  return infiniteQueryOptions({
    queryKey: KEYS.audit(filter),
    queryFn: ({ pageParam }): Promise<ListPage<AuditView>> =>
      api.audit.list.query({ filter, limit: LIMITS.pageSize, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });
}

export function usersQuery(text: string): Pages<UserView> {
  return infiniteQueryOptions({
    queryKey: KEYS.users(text),
    queryFn: ({ pageParam }): Promise<ListPage<UserView>> =>
      api.users.list.query({
        ...(text !== "" && { filter: { text } }),
        limit: LIMITS.pageSize,
        cursor: pageParam,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function sessionsQuery(): Query<readonly SessionView[]> {
  return queryOptions<readonly SessionView[]>({
    queryKey: KEYS.sessions,
    queryFn: async () => (await api.me.sessions.query()).items,
  });
}

export function hasPasswordQuery(): Query<boolean> {
  return queryOptions<boolean>({
    queryKey: KEYS.hasPassword,
    queryFn: async () => (await api.me.hasPassword.query()).hasPassword,
  });
}

type PairedDevices = Awaited<ReturnType<typeof api.me.devices.query>>["items"];

export function pairedDevicesQuery(): Query<PairedDevices> {
  return queryOptions<PairedDevices>({
    queryKey: KEYS.pairedDevices,
    queryFn: async () => (await api.me.devices.query()).items,
  });
}

export function retentionQuery(): Query<readonly RetentionView[]> {
  return queryOptions<readonly RetentionView[]>({
    queryKey: KEYS.retention,
    queryFn: async () => (await api.retention.list.query()).items,
  });
}

export type SourceDetail = Awaited<ReturnType<typeof api.sources.get.query>>;

export function sourceQuery(sourceId: string): Query<SourceDetail> {
  return queryOptions<SourceDetail>({
    queryKey: KEYS.source(sourceId),
    queryFn: () => api.sources.get.query({ sourceId }),
  });
}
