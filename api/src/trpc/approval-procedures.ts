import { CHANGE_STATES, LIMITS } from "@batchwatch/engine";
import { z } from "zod";
import { asking, commandId } from "./asking.ts";
import { found, id, page, signedIn } from "./base.ts";
import { answered } from "./change-errors.ts";
import { words } from "./words.ts";

const target = { commandId, requestId: id };

/** Four eyes: what waits for a second person, and what that person says. */
export const approvalProcedures = {
  list: signedIn
    .input(
      z.strictObject({
        filter: z
          .strictObject({ states: z.array(z.enum(CHANGE_STATES)).max(6).optional() })
          .optional(),
        ...page,
      }),
    )
    .query(({ ctx, input }) =>
      ctx.services.approvals.list(
        ctx.user,
        input.filter?.states,
        input.limit,
        input.cursor ?? null,
      ),
    ),
  get: signedIn
    .input(z.strictObject({ requestId: id }))
    .query(async ({ ctx, input }) =>
      found(await ctx.services.approvals.get(ctx.user, input.requestId), "change request"),
    ),
  /** `hash` is the one that was shown: what was read is what is approved. */
  approve: signedIn
    .input(
      z.strictObject({
        ...target,
        hash: z.string().regex(/^[0-9a-f]{64}$/),
        note: words(LIMITS.reasonLength).nullish(),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(() =>
        ctx.services.approvals.approve(
          ctx.user,
          input.requestId,
          input.hash,
          input.note ?? null,
          input.commandId,
        ),
      ),
    ),
  reject: signedIn
    .input(z.strictObject({ ...target, note: words(LIMITS.reasonLength, 1) }))
    .mutation(({ ctx, input }) =>
      answered(() =>
        ctx.services.approvals.reject(ctx.user, input.requestId, input.note, input.commandId),
      ),
    ),
  withdraw: signedIn
    .input(z.strictObject(target))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.approvals.withdraw(ctx.user, input.requestId, input.commandId)),
    ),
  revert: signedIn
    .input(z.strictObject({ requestId: id, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.approvals.revert(ctx.user, input.requestId, input)),
    ),
  /** Shown once, to nobody but who asked: there is no repeat of it. */
  collect: signedIn
    .input(z.strictObject({ requestId: id }))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.approvals.collect(ctx.user, input.requestId)),
    ),
  state: signedIn.query(({ ctx }) => ctx.services.approvals.state()),
};
