import { type JobView, RUN_STATES, type User } from "@batchwatch/engine";
import { type AnyProcedure, tracked, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { ProcedurePath } from "../auth/policy.ts";
import { found, id, page, scopeFor, signedIn, t, teamId } from "./base.ts";
import { approvalProcedures } from "./approval-procedures.ts";
import { auditProcedures } from "./audit-procedures.ts";
import { calendarProcedures } from "./calendar-procedures.ts";
import { incidentProcedures } from "./incident-procedures.ts";
import { jobChangeProcedures } from "./job-change-procedures.ts";
import { meProcedures } from "./me-procedures.ts";
import {
  deliveryProcedures,
  oncallProcedures,
  pushProcedures,
  sourceProcedures,
} from "./notify-procedures.ts";
import { retentionProcedures, userProcedures } from "./user-procedures.ts";
import { vitalsProcedures } from "./vitals.ts";

export type { SourceDetailView, SourceView } from "./incident-services.ts";

export type {
  ApprovalStateView,
  AuditAction,
  AuditEntry,
  AuditVerdictView,
  AuditView,
  BlindReason,
  BoardChange,
  BoardRow,
  Cadence,
  Calendar,
  CauseKind,
  ChangedJobView,
  ChangeKind,
  ChangeMode,
  ChangeOutcomeView,
  ChangeRequestView,
  ChangeState,
  ClockSettings,
  CommandOutcome,
  CommandView,
  Dashboard,
  DatasetView,
  DeliveryState,
  DeliveryView,
  DifferenceView,
  Evidence,
  EvidenceView,
  FreeDayRule,
  ForeignJobView,
  HealthComponent,
  IncidentEventKind,
  IncidentEventView,
  IncidentListItem,
  IncidentMemberView,
  IncidentRow,
  IncidentState,
  IncidentView,
  JobChangeView,
  JobListItem,
  JobSettingsView,
  JobView,
  LimitOrigin,
  LiveItem,
  MeView,
  NotificationCard,
  NotificationKind,
  OncallView,
  PastIncidentView,
  PerformanceMetrics,
  ProposedView,
  PushDeviceView,
  RetentionView,
  Resolution,
  Role,
  RunErrorView,
  RunListItem,
  RunRow,
  RunState,
  RunView,
  ScheduleProposal,
  SessionView,
  SettingMode,
  Severity,
  StageView,
  SystemHealth,
  TrendRow,
  UntoldReason,
  UserView,
  WhyNotPagedView,
} from "@batchwatch/engine";

export const appRouter = t.router({
  dashboard: t.router({
    get: signedIn
      .input(z.strictObject({ team: teamId.optional() }).optional())
      .query(({ ctx, input }) => ctx.services.dashboard(scopeFor(ctx.user, input?.team))),
  }),
  live: t.router({
    changes: signedIn
      .input(
        z
          .strictObject({ lastEventId: z.string().max(100).nullish(), team: teamId.optional() })
          .optional(),
      )
      .subscription(async function* ({ ctx, input, signal }) {
        const scope = scopeFor(ctx.user, input?.team);
        const leave = ctx.subscribed === undefined ? () => {} : ctx.subscribed();
        if (leave === null) {
          const message = "This connection has as many subscriptions as it may.";
          throw new TRPCError({ code: "TOO_MANY_REQUESTS", message });
        }
        try {
          const stop = signal ?? new AbortController().signal;
          const items = ctx.services.changes(scope, input?.lastEventId ?? null, stop, ctx.ready);
          for await (const { id: eventId, item } of items) {
            if (ctx.stillGood?.() === false) return;
            yield tracked(eventId, item);
          }
        } finally {
          leave();
        }
      }),
  }),
  jobs: t.router({
    list: signedIn
      .input(
        z.strictObject({
          filter: z
            .strictObject({ text: z.string().max(100).optional(), team: teamId.optional() })
            .optional(),
          ...page,
        }),
      )
      .query(({ ctx, input }) =>
        ctx.services.jobs.list(
          scopeFor(ctx.user, input.filter?.team),
          { text: input.filter?.text, teamId: input.filter?.team },
          input.limit,
          input.cursor ?? null,
        ),
      ),
    get: signedIn
      .input(z.strictObject({ jobId: id }))
      .query(async ({ ctx, input }) =>
        withoutNames(
          ctx.user,
          found(await ctx.services.jobs.get(scopeFor(ctx.user, undefined), input.jobId), "job"),
        ),
      ),
    ...jobChangeProcedures,
  }),
  calendars: t.router(calendarProcedures),
  incidents: t.router(incidentProcedures),
  deliveries: t.router(deliveryProcedures),
  push: t.router(pushProcedures),
  oncall: t.router(oncallProcedures),
  sources: t.router(sourceProcedures),
  runs: t.router({
    list: signedIn
      .input(
        z.strictObject({
          filter: z
            .strictObject({
              jobId: id.optional(),
              states: z.array(z.enum(RUN_STATES)).max(9).optional(),
              team: teamId.optional(),
            })
            .optional(),
          ...page,
        }),
      )
      .query(({ ctx, input }) =>
        ctx.services.runs.list(
          scopeFor(ctx.user, input.filter?.team),
          { jobId: input.filter?.jobId, states: input.filter?.states },
          input.limit,
          input.cursor ?? null,
        ),
      ),
    get: signedIn.input(z.strictObject({ executionId: id })).query(async ({ ctx, input }) => {
      const scope = scopeFor(ctx.user, undefined);
      const run = found(await ctx.services.runs.get(scope, input.executionId), "run");
      // No record, no answer.
      await ctx.services.trail.viewed(ctx.user, run);
      return run;
    }),
  }),
  health: t.router({
    get: signedIn.query(({ ctx }) => ctx.services.health(scopeFor(ctx.user, undefined))),
  }),
  me: t.router(meProcedures),
  users: t.router(userProcedures),
  audit: t.router(auditProcedures),
  approvals: t.router(approvalProcedures),
  retention: t.router(retentionProcedures),
  vitals: t.router(vitalsProcedures),
});

/** A display stands where anybody passes: it shows nobody's name. */
function withoutNames(user: User, job: JobView): JobView {
  return user.role === "display" ? { ...job, changes: [] } : job;
}

export type AppRouter = typeof appRouter;

/** Paths of the procedures in a router, as callers write them. */
type PathsOf<Record, Prefix extends string = ""> = {
  [Key in keyof Record & string]: Record[Key] extends AnyProcedure
    ? `${Prefix}${Key}`
    : PathsOf<Record[Key], `${Prefix}${Key}.`>;
}[keyof Record & string];

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never;

/** Does not compile while a procedure has no rule in auth/policy.ts, or a rule no procedure. */
export const EVERY_PROCEDURE_HAS_A_RULE: Same<
  PathsOf<AppRouter["_def"]["record"]>,
  ProcedurePath
> = true;
