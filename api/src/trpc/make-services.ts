import {
  type Board,
  type Dashboard,
  dashboardOf,
  DEFAULT_TIER,
  inScope,
  metricsOf,
  type PerformanceMetrics,
  type RunRow,
  type Scope,
  type StoredRun,
  type Stores,
  type SystemHealth,
  type TrendRow,
  type User,
} from "@batchwatch/engine";
import type { Feed } from "../live/feed.ts";
import type { ForeignJobs } from "./foreign-jobs.ts";
import { jobView } from "./job-view.ts";
import type { Services } from "./services.ts";
import type { SessionServices } from "./session-services.ts";
import type { MeServices } from "./trust-services.ts";
import { jobListItem, runListItem, runView } from "./views.ts";

/** A dashboard is served again, to readers of the same scope, while nothing changed and for at most this long. */
const DASHBOARD_REUSE_MS = 250;
/** Different scopes whose dashboards are remembered. */
const DASHBOARDS_HELD = 100;

export type AlertingServices = Pick<Services, "incidents" | "deliveries" | "push" | "oncall">;

/** What needs two people, and what is said of it. */
export type ApprovedServices = Pick<Services, "changing" | "sources" | "approvals" | "users">;

export interface ServiceParts {
  readonly board: Board;
  readonly feed: Feed;
  readonly readers: Stores;
  readonly approved: ApprovedServices;
  readonly alerting: AlertingServices;
  readonly foreign: ForeignJobs;
  readonly sessions: SessionServices;
  readonly privacy: Pick<MeServices, "export" | "erase">;
  readonly audit: Pick<Services, "audit" | "trail" | "retention">;
  readonly vitals: Services["vitals"];
  readonly health: (scope: Scope) => SystemHealth;
  readonly now: () => number;
  readonly boardLimit: number;
  readonly me: (user: User) => ReturnType<Services["me"]>;
}

export function makeServices(parts: ServiceParts): Services {
  const { board, feed, readers, health, now, boardLimit } = parts;
  const held = new Map<string, { dashboard: Dashboard; at: number }>();

  const meServices = { ...parts.sessions, ...parts.privacy };

  function dashboard(scope: Scope): Dashboard {
    const key = JSON.stringify(scope);
    const known = held.get(key);
    if (known !== undefined && now() - known.at < DASHBOARD_REUSE_MS) return known.dashboard;
    if (held.size >= DASHBOARDS_HELD) held.clear();
    const made = dashboardOf(board, scope, health(scope), now(), boardLimit);
    held.set(key, { dashboard: made, at: now() });
    return made;
  }

  function runOnBoard(scope: Scope, executionId: string): RunRow | null {
    const row = board.row(`run:${executionId}`, scope);
    return row?.kind === "run" ? row : null;
  }

  function trendOnBoard(scope: Scope, jobId: string): TrendRow | null {
    const row = board.row(`trend:${jobId}`, scope);
    return row?.kind === "trend" ? row : null;
  }

  return {
    ...parts.alerting,
    ...parts.approved,
    ...parts.audit,
    meServices,
    dashboard,
    changes: (scope, lastEventId, signal, ready) => feed.read(scope, lastEventId, signal, ready),
    jobs: {
      list: async (scope, filter, limit, cursor) => {
        const page = await readers.jobs.list(scope, filter, limit, cursor);
        return { items: page.items.map(jobListItem), nextCursor: page.nextCursor };
      },
      get: async (scope, jobId) => {
        const job = await readers.jobs.get(jobId);
        if (job === null || !inScope(scope, job.ownerTeamId)) return null;
        const trend = trendOnBoard(scope, job.jobId);
        return jobView(job, trend, readers, now());
      },
    },
    runs: {
      list: async (scope, filter, limit, cursor) => {
        const page = await readers.runs.list(scope, filter, limit, cursor);
        return {
          items: page.items.map((run) => runListItem(run, scope.payload)),
          nextCursor: page.nextCursor,
        };
      },
      get: async (scope, executionId) => {
        const detail = await readers.runs.get(executionId);
        if (detail === null || !inScope(scope, detail.run.ownerTeamId)) return null;
        const isOwn = (run: StoredRun) => inScope(scope, run.ownerTeamId);
        const isOwnParent = detail.parent !== null && isOwn(detail.parent);
        const own = {
          ...detail,
          children: detail.children.filter(isOwn),
          parent: isOwnParent ? detail.parent : null,
        };
        const others = detail.children.filter((child) => !isOwn(child));
        const [job, foreignChildren, [foreignParent = null]] = await Promise.all([
          readers.jobs.get(detail.run.jobId),
          parts.foreign.ofRuns(others, scope),
          parts.foreign.ofRuns(detail.parent === null || isOwnParent ? [] : [detail.parent], scope),
        ]);
        const row = runOnBoard(scope, executionId);
        const foreign = { foreignParent, foreignChildren };
        return runView(own, foreign, row, job?.tier ?? DEFAULT_TIER);
      },
    },
    calendars: {
      list: () => readers.calendars.all(),
      get: (calendarId) => readers.calendars.get(calendarId),
    },
    vitals: parts.vitals,
    health,
    me: parts.me,
  };
}

export function metricsFor(board: Board, now: () => number): (scope: Scope) => PerformanceMetrics {
  return (scope) =>
    metricsOf(
      board.currentRows(scope).filter((row): row is RunRow => row.kind === "run"),
      now(),
    );
}
