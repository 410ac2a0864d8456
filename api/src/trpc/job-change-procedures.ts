import { CADENCES, FREE_DAY_RULES, LIMITS, type Tier } from "@batchwatch/engine";
import { z } from "zod";
import { asking } from "./asking.ts";
import { found, id, scopeFor, signedIn, teamId } from "./base.ts";
import { answered } from "./change-errors.ts";

const TIERS = [1, 2, 3, 4] as const satisfies readonly Tier[];
const clockMs = z.number().int().min(1_000).max(LIMITS.clockMs).nullable().optional();
const target = { jobId: id, ...asking };

const change = z.strictObject({
  tier: z.literal(TIERS).nullable().optional(),
  monitored: z.boolean().optional(),
  businessName: z.string().max(1_000).nullable().optional(),
  runbookUrl: z.string().max(2_000).nullable().optional(),
  firstStep: z.string().max(1_000).nullable().optional(),
  cadence: z.enum(CADENCES).nullable().optional(),
  schedule: z
    .strictObject({
      expression: z.string().max(200),
      zone: z.string().max(60),
      calendarId: teamId.nullable().optional(),
      freeDayRule: z.enum(FREE_DAY_RULES).optional(),
    })
    .nullable()
    .optional(),
  clocks: z
    .strictObject({
      startGraceMs: clockMs,
      runBudgetMs: clockMs,
      minimumDurationMs: clockMs,
      heartbeatMs: clockMs,
    })
    .optional(),
});

/** Changes of one job. A job outside the caller's scope does not exist for them. */
export const jobChangeProcedures = {
  configure: signedIn.input(z.strictObject({ ...target, change })).mutation(({ ctx, input }) =>
    answered(async () => {
      const scope = scopeFor(ctx.user, undefined);
      const { jobs } = ctx.services.changing;
      return found(await jobs.configure(ctx.user, scope, input, input.change), "job");
    }),
  ),
  rename: signedIn
    .input(
      z.strictObject({
        ...target,
        name: z.string().max(LIMITS.nameLength),
        namespace: z.string().max(LIMITS.nameLength).optional(),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(async () => {
        const scope = scopeFor(ctx.user, undefined);
        return found(await ctx.services.changing.jobs.rename(ctx.user, scope, input, input), "job");
      }),
    ),
  /** `from`: absent is now, null takes a retirement back. */
  retire: signedIn
    .input(z.strictObject({ ...target, from: z.iso.datetime({ offset: true }).nullish() }))
    .mutation(({ ctx, input }) =>
      answered(async () => {
        const scope = scopeFor(ctx.user, undefined);
        const from = typeof input.from === "string" ? Date.parse(input.from) : input.from;
        return found(await ctx.services.changing.jobs.retire(ctx.user, scope, input, from), "job");
      }),
    ),
  /** `teamId` null: facts decide the owner again. */
  assign: signedIn
    .input(z.strictObject({ ...target, teamId: teamId.nullable() }))
    .mutation(({ ctx, input }) =>
      answered(async () => {
        const scope = scopeFor(ctx.user, undefined);
        const { jobs } = ctx.services.changing;
        return found(await jobs.assign(ctx.user, scope, input, input.teamId), "job");
      }),
    ),
};
