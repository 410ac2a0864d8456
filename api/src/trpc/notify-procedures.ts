import { DELIVERY_STATES, LIMITS, MASK_KINDS, SOURCE_CONTRACTS } from "@batchwatch/engine";
import { z } from "zod";
import { asking, commandId } from "./asking.ts";
import { found, id, page, scopeFor, signedIn, teamId } from "./base.ts";
import { answered } from "./change-errors.ts";
import { words } from "./words.ts";

const endpoint = z.url().max(LIMITS.urlLength);
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

export const deliveryProcedures = {
  list: signedIn
    .input(
      z.strictObject({
        filter: z
          .strictObject({ states: z.array(z.enum(DELIVERY_STATES)).max(4).optional() })
          .optional(),
        ...page,
      }),
    )
    .query(({ ctx, input }) =>
      ctx.services.deliveries.list(input.filter?.states, input.limit, input.cursor ?? null),
    ),
  /** A dead one is sent again; `replayed` is false when it is not dead (any more). Refused with `incident_over`. */
  replay: signedIn
    .input(z.strictObject({ commandId, notificationId: id }))
    .mutation(({ ctx, input }) =>
      answered(async () => ({
        replayed: await ctx.services.deliveries.replay(ctx.user, input.notificationId),
      })),
    ),
};

/** Everybody manages their own devices only. */
export const pushProcedures = {
  publicKey: signedIn.query(({ ctx }) => ({ key: ctx.services.push.publicKey() })),
  devices: signedIn.query(({ ctx }) => ctx.services.push.devices(ctx.user)),
  subscribe: signedIn
    .input(
      z.strictObject({
        endpoint,
        p256dh: base64url.length(87),
        auth: base64url.length(22),
        label: words(LIMITS.settingTextLength, 1),
        isPrivate: z.boolean().default(false),
        consentWords: z
          .string()
          .regex(/^[\w.-]{1,20}$/)
          .default("1"),
        // An IANA zone, so that times in what it is sent are those of its owner's clock.
        zone: z.string().max(64).optional(),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.push.subscribe(ctx.user, input, ctx.session?.sessionId ?? null)),
    ),
  unsubscribe: signedIn.input(z.strictObject({ endpoint })).mutation(async ({ ctx, input }) => ({
    removed: await ctx.services.push.unsubscribe(ctx.user, input.endpoint),
  })),
  /** One's own, also one that somebody else put there: it is known by its place in the list, not by its endpoint. */
  remove: signedIn
    .input(z.strictObject({ subscriptionId: id }))
    .mutation(async ({ ctx, input }) => ({
      removed: await ctx.services.push.remove(ctx.user, input.subscriptionId),
    })),
  test: signedIn
    .input(z.strictObject({ subscriptionId: id }))
    .mutation(async ({ ctx, input }) =>
      found(await ctx.services.push.test(ctx.user, input.subscriptionId), "device of yours"),
    ),
  receipt: signedIn
    .input(z.strictObject({ notificationId: id, kind: z.enum(["shown", "seen"]) }))
    .mutation(async ({ ctx, input }) => ({
      counted: await ctx.services.push.receipt(ctx.user, input.notificationId, input.kind),
    })),
};

export const oncallProcedures = {
  now: signedIn.query(async ({ ctx }) => ({
    items: await ctx.services.oncall.now(scopeFor(ctx.user, undefined)),
  })),
  setList: signedIn
    .input(
      z.strictObject({
        commandId,
        teamId,
        userIds: z.array(id).max(LIMITS.oncallPeople),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(async () => {
        scopeFor(ctx.user, input.teamId);
        return {
          items: await ctx.services.oncall.setList(ctx.user, input.teamId, input.userIds),
        };
      }),
    ),
};

const sourceChange = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("source-add"),
    payload: z.strictObject({
      name: z.string().max(LIMITS.personNameLength),
      contract: z.enum(SOURCE_CONTRACTS),
      environment: z.enum(["PROD", "UAT", "TEST"]),
      zone: z.string().max(60),
      teamName: z.string().max(LIMITS.personNameLength).nullable(),
    }),
  }),
  z.strictObject({
    kind: z.literal("masking-exception"),
    payload: z.strictObject({
      sourceId: id,
      field: z.string().max(LIMITS.maskedFieldLength),
      kinds: z.array(z.enum(MASK_KINDS)).max(MASK_KINDS.length),
    }),
  }),
]);

export const sourceProcedures = {
  list: signedIn.query(({ ctx }) => ({
    items: ctx.services.sources.list(scopeFor(ctx.user, undefined)),
  })),
  get: signedIn.input(z.strictObject({ sourceId: id })).query(async ({ ctx, input }) => {
    const { sources, trail } = ctx.services;
    const scope = scopeFor(ctx.user, undefined);
    const source = found(await sources.get(scope, input.sourceId), "source");
    // No record, no answer.
    await trail.sourceViewed(ctx.user, source);
    return source;
  }),
  propose: signedIn
    .input(z.strictObject({ change: sourceChange, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.approvals.propose(ctx.user, input.change, input)),
    ),
  startPaging: signedIn
    .input(z.strictObject({ sourceId: id, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(async () =>
        found(
          await ctx.services.sources.setPaging(ctx.user, input.sourceId, "PAGING", input),
          "source",
        ),
      ),
    ),
  stopPaging: signedIn
    .input(z.strictObject({ sourceId: id, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(async () =>
        found(
          await ctx.services.sources.setPaging(ctx.user, input.sourceId, "WATCHING", input),
          "source",
        ),
      ),
    ),
};
