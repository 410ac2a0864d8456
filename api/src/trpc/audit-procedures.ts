import { AUDIT_ACTIONS, type AuditFilter } from "@batchwatch/engine";
import { z } from "zod";
import { id, page, scopeFor, signedIn, teamId } from "./base.ts";

const instant = z.iso.datetime({ offset: true });
const filter = z.strictObject({
  actorId: id.optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  subjectKind: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  // Ids, names of procedures, and routes with their method: what is asked for is recorded, and no free words are.
  subjectId: z
    .string()
    .max(200)
    .regex(/^(?:[A-Z]+ )?[\w./:-]+$/)
    .optional(),
  team: teamId.optional(),
  from: instant.optional(),
  until: instant.optional(),
});

function filterOf(given: z.infer<typeof filter> | undefined): AuditFilter {
  const { team, from, until, ...rest } = given ?? {};
  return {
    ...rest,
    teamId: team,
    from: from === undefined ? undefined : Date.parse(from),
    until: until === undefined ? undefined : Date.parse(until),
  };
}

/** Reading the trail is in the trail as well. */
export const auditProcedures = {
  list: signedIn
    .input(z.strictObject({ filter: filter.optional(), ...page }))
    .query(({ ctx, input }) =>
      ctx.services.audit.list(
        scopeFor(ctx.user, input.filter?.team),
        ctx.user,
        filterOf(input.filter),
        input.limit,
        input.cursor ?? null,
      ),
    ),
  verify: signedIn.mutation(({ ctx }) => ctx.services.audit.verify(ctx.user)),
  evidence: signedIn
    .input(z.strictObject({ filter: filter.optional() }))
    .mutation(({ ctx, input }) =>
      ctx.services.audit.evidence(
        scopeFor(ctx.user, input.filter?.team),
        ctx.user,
        filterOf(input.filter),
      ),
    ),
};
