import { maskText, narrowScope, scopeOf, type Scope, type User } from "@batchwatch/engine";
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { mayCall, pagedReach, type ProcedurePath } from "../auth/policy.ts";
import { isBadCursor, reasonOf } from "./change-errors.ts";
import type { Context, Services } from "./services.ts";
import { isAuditAway, isStoreAway } from "./store-away.ts";

export const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    // It may repeat a key or a path that the caller sent.
    message: maskText(shape.message).text,
    // A caller gets stable codes and a sentence, never a stack.
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      ...(shape.data.path === undefined ? {} : { path: maskText(shape.data.path).text }),
      ...reasonOf(error),
    },
  }),
});

/** What one caller asks for at once is bounded, whatever it is. */
const counted = t.procedure.use(async ({ ctx, path, next }) => {
  const begun = ctx.begun?.(path);
  if (begun !== undefined && "refused" in begun) {
    throw new TRPCError({ code: "TOO_MANY_REQUESTS", message: begun.refused });
  }
  try {
    return await next();
  } finally {
    begun?.over();
  }
});

/**
 * A cursor that no list gave out is its sender's mistake, in every list alike. While the store is being restarted, or the audit trail cannot be written, a call says so, instead of failing as a defect would. What
 * somebody may not do is recorded.
 */
const watched = counted.use(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  const { code, message, cause } = result.error;
  if (code === "FORBIDDEN" && ctx.user !== null) ctx.services.trail.refused(ctx.user, path);
  if (code === "INTERNAL_SERVER_ERROR" && isBadCursor(cause)) {
    throw new TRPCError({ code: "BAD_REQUEST", message, cause });
  }
  if (!isStoreAway(cause) && !isAuditAway(cause)) return result;
  throw new TRPCError({ code: "SERVICE_UNAVAILABLE", message, cause });
});

export const signedIn = watched.use(async ({ ctx, path, next, getRawInput }) => {
  // Asked at each message: what opened a socket may be over by now.
  if (ctx.user === null || ctx.stillGood?.() === false) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in, or send a bearer token." });
  }
  if (!mayCall(ctx.user.role, path as ProcedurePath)) {
    throw new TRPCError({
      code: "FORBIDDEN",
      message: `The role ${ctx.user.role} may not call ${path}.`,
    });
  }
  if (ctx.pagedOnly === true) {
    await onlyWhatWasPaged(ctx.services, ctx.user, path as ProcedurePath, getRawInput);
  }
  return next({ ctx: { ...ctx, user: ctx.user } });
});

/** A paired device that is signed out answers what its owner was paged for and says that it was shown, and nothing else. */
async function onlyWhatWasPaged(
  services: Services,
  user: User,
  path: ProcedurePath,
  getRawInput: () => Promise<unknown>,
): Promise<void> {
  const refused = new TRPCError({
    code: "FORBIDDEN",
    message: "This device is signed out: it answers only what you were paged for. Sign in.",
  });
  const reach = pagedReach(path);
  if (reach === "self") return;
  if (reach === null) throw refused;
  const input = await getRawInput();
  const incidentId =
    typeof input === "object" && input !== null && "incidentId" in input ? input.incidentId : null;
  if (typeof incidentId !== "string" || !id.safeParse(incidentId).success) throw refused;
  if (!(await services.incidents.wasPagedFor(user, incidentId))) throw refused;
}

export const teamId = z.string().regex(/^[a-z0-9-]{1,40}$/);
export const id = z.string().regex(/^[a-z0-9-]{1,64}$/);
export const page = {
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).nullish(),
};

export function scopeFor(user: User, team: string | undefined): Scope {
  const scope = narrowScope(scopeOf(user), team);
  if (scope === null) {
    throw new TRPCError({
      code: "FORBIDDEN",
      message: `You do not belong to the team ${team ?? ""}.`,
    });
  }
  return scope;
}

export function found<T>(value: T | null, what: string): T {
  if (value === null) throw new TRPCError({ code: "NOT_FOUND", message: `No such ${what}.` });
  return value;
}
