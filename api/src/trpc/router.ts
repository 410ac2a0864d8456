import { narrowScope, RUN_STATES, scopeOf, type Scope, type User } from "@batchwatch/engine";
import { initTRPC, tracked, TRPCError } from "@trpc/server";
import { z } from "zod";
import { mayCall, type ProcedurePath } from "../auth/policy.ts";
import type { Context } from "./services.ts";
import { isStoreAway } from "./store-away.ts";

export type {
  AuditEntry,
  BoardChange,
  BoardRow,
  Dashboard,
  DatasetView,
  HealthComponent,
  JobListItem,
  JobView,
  LiveItem,
  MeView,
  PerformanceMetrics,
  Role,
  RunErrorView,
  RunListItem,
  RunRow,
  RunState,
  RunView,
  StageView,
  SystemHealth,
  TrendRow,
} from "@batchwatch/engine";

const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape }) => ({
    ...shape,
    // A caller gets a stable code and a sentence, never a stack.
    data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path },
  }),
});

/** While the store is being restarted a call says so, instead of failing as a defect would. */
const whileStoreAway = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || !isStoreAway(result.error.cause)) return result;
  const { message } = result.error;
  throw new TRPCError({ code: "SERVICE_UNAVAILABLE", message, cause: result.error.cause });
});

const signedIn = whileStoreAway.use(({ ctx, path, next }) => {
  if (ctx.user === null) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in, or send a bearer token." });
  }
  if (!mayCall(ctx.user.role, path as ProcedurePath)) {
    throw new TRPCError({
      code: "FORBIDDEN",
      message: `The role ${ctx.user.role} may not call ${path}.`,
    });
  }
  return next({ ctx: { ...ctx, user: ctx.user } });
});

const teamId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const id = z.string().regex(/^[a-z0-9-]{1,64}$/);
const page = {
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).nullish(),
};

function scopeFor(user: User, team: string | undefined): Scope {
  const scope = narrowScope(scopeOf(user), team);
  if (scope === null) {
    throw new TRPCError({
      code: "FORBIDDEN",
      message: `You do not belong to the team ${team ?? ""}.`,
    });
  }
  return scope;
}

function found<T>(value: T | null, what: string): T {
  if (value === null) throw new TRPCError({ code: "NOT_FOUND", message: `No such ${what}.` });
  return value;
}

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
          for await (const { id: eventId, item } of items) yield tracked(eventId, item);
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
        found(await ctx.services.jobs.get(scopeFor(ctx.user, undefined), input.jobId), "job"),
      ),
  }),
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
    get: signedIn
      .input(z.strictObject({ executionId: id }))
      .query(async ({ ctx, input }) =>
        found(await ctx.services.runs.get(scopeFor(ctx.user, undefined), input.executionId), "run"),
      ),
  }),
  health: t.router({ get: signedIn.query(({ ctx }) => ctx.services.health()) }),
  me: t.router({ get: signedIn.query(({ ctx }) => ctx.services.me(ctx.user)) }),
});

export type AppRouter = typeof appRouter;
