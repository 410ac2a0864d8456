import { RETAINED_KINDS, ROLES } from "@batchwatch/engine";
import { z } from "zod";
import { asking } from "./asking.ts";
import { id, page, signedIn } from "./base.ts";
import { answered } from "./change-errors.ts";

const name = z.string().trim().min(1).max(100);
const teamNames = z.array(name).max(50).default([]);
const change = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("user-add"),
    payload: z.strictObject({ name, role: z.enum(ROLES), teamNames }),
  }),
  z.strictObject({
    kind: z.literal("user-change"),
    payload: z.strictObject({ userId: id, role: z.enum(ROLES), teamNames }),
  }),
  z.strictObject({ kind: z.literal("user-remove"), payload: z.strictObject({ userId: id }) }),
]);

export const userProcedures = {
  list: signedIn
    .input(
      z.strictObject({
        filter: z.strictObject({ text: z.string().max(100).optional() }).optional(),
        ...page,
      }),
    )
    .query(({ ctx, input }) =>
      answered(() =>
        ctx.services.users.list(input.limit, input.cursor ?? null, input.filter?.text),
      ),
    ),
  propose: signedIn
    .input(z.strictObject({ change, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.approvals.propose(ctx.user, input.change, input)),
    ),
};

/** How long what is kept: everybody may know. */
export const retentionProcedures = {
  list: signedIn.query(async ({ ctx }) => ({ items: await ctx.services.retention.list() })),
  propose: signedIn
    .input(
      z.strictObject({
        what: z.enum(RETAINED_KINDS),
        days: z.number().int().min(1).max(36_500).nullable(),
        ...asking,
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(() =>
        ctx.services.approvals.propose(
          ctx.user,
          { kind: "retention-set", payload: { what: input.what, days: input.days } },
          input,
        ),
      ),
    ),
};
