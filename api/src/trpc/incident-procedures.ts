import { createHash } from "node:crypto";
import {
  INCIDENT_STATES,
  type IncidentAction,
  LIMITS,
  type CommandView,
  type User,
} from "@batchwatch/engine";
import { z } from "zod";
import { commandId } from "./asking.ts";
import { found, id, page, scopeFor, signedIn, teamId } from "./base.ts";
import { answered } from "./change-errors.ts";
import { words } from "./words.ts";
import { isForeignIncident } from "./incident-scope.ts";

import type { Services } from "./services.ts";

const target = z.strictObject({ commandId, incidentId: id });
const comment = words(LIMITS.commentLength, 1);

type PlainAction = Exclude<IncidentAction["type"], "snooze" | "resolve" | "comment">;

interface Caller {
  readonly user: User;
  readonly pagedOnly?: boolean | undefined;
  readonly services: Services;
}

async function command(
  { user, services, pagedOnly }: Caller,
  to: { readonly commandId: string; readonly incidentId: string },
  action: IncidentAction,
): Promise<CommandView> {
  return answered(async () => {
    const scope = scopeFor(user, undefined);
    const { incidents } = services;
    return found(
      await incidents.command(
        scope,
        user,
        to.commandId,
        to.incidentId,
        action,
        pagedOnly === true ? "device" : undefined,
      ),
      "incident",
    );
  });
}

/** A command about many incidents is one command for each, with an id of its own that a repeat finds again. */
function commandIdFor(given: string, incidentId: string): string {
  const hex = createHash("sha256").update(`${given}/${incidentId}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** Of many, another team's is passed over as one that is not there; that it was asked for is recorded. */
function nullIfForeign({ user, services }: Caller, path: string): (error: unknown) => null {
  return (error) => {
    if (!isForeignIncident(error)) throw error;
    services.trail.refused(user, path);
    return null;
  };
}

/** A command that says nothing but what is to be done. */
function plainly(type: PlainAction) {
  return signedIn.input(target).mutation(({ ctx, input }) => command(ctx, input, { type }));
}

/** Commands answer in words what they did: `outcome` is a stable code, and the incident stands beside it as it is. */
export const incidentProcedures = {
  list: signedIn
    .input(
      z.strictObject({
        filter: z
          .strictObject({
            states: z.array(z.enum(INCIDENT_STATES)).max(4).optional(),
            jobId: id.optional(),
            team: teamId.optional(),
          })
          .optional(),
        ...page,
      }),
    )
    .query(({ ctx, input }) =>
      ctx.services.incidents.list(
        scopeFor(ctx.user, input.filter?.team),
        { states: input.filter?.states, jobId: input.filter?.jobId },
        input.limit,
        input.cursor ?? null,
      ),
    ),
  get: signedIn.input(z.strictObject({ incidentId: id })).query(async ({ ctx, input }) => {
    const { incidents, trail } = ctx.services;
    const scope = scopeFor(ctx.user, undefined);
    const incident = found(await incidents.get(scope, ctx.user, input.incidentId), "incident");
    trail.incidentViewed(ctx.user, incident, ctx.pagedOnly === true);
    return incident;
  }),
  acknowledge: plainly("acknowledge"),
  /** All of them, or what of them is still there to be had; each is answered. */
  acknowledgeAll: signedIn
    .input(z.strictObject({ commandId, incidentIds: z.array(id).min(1).max(LIMITS.pageSize) }))
    .mutation(({ ctx, input, path }) =>
      answered(async () => {
        const scope = scopeFor(ctx.user, undefined);
        const answers = await Promise.all(
          input.incidentIds.map((incidentId) =>
            ctx.services.incidents
              .command(scope, ctx.user, commandIdFor(input.commandId, incidentId), incidentId, {
                type: "acknowledge",
              })
              .catch(nullIfForeign(ctx, path)),
          ),
        );
        return { answers: answers.filter((answer) => answer !== null) };
      }),
    ),
  unacknowledge: plainly("unacknowledge"),
  takeOver: plainly("take-over"),
  snooze: signedIn
    .input(target.extend({ until: z.iso.datetime({ offset: true }) }))
    .mutation(({ ctx, input }) =>
      command(ctx, input, { type: "snooze", untilMs: Date.parse(input.until) }),
    ),
  escalate: plainly("escalate"),
  backToBed: plainly("back-to-bed"),
  resolve: signedIn
    .input(target.extend({ reason: comment }))
    .mutation(({ ctx, input }) => command(ctx, input, { type: "resolve", reason: input.reason })),
  comment: signedIn
    .input(target.extend({ text: comment }))
    .mutation(({ ctx, input }) => command(ctx, input, { type: "comment", text: input.text })),
  whyNotPaged: signedIn
    .input(z.strictObject({ incidentId: id }))
    .query(async ({ ctx, input }) =>
      found(
        await ctx.services.incidents.whyNotPaged(
          scopeFor(ctx.user, undefined),
          ctx.user,
          input.incidentId,
        ),
        "incident",
      ),
    ),
};
