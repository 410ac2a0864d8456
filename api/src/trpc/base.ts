import { narrowScope, scopeOf, type Scope, type User } from "@batchwatch/engine";
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { mayCall, type ProcedurePath } from "../auth/policy.ts";
import { reasonOf } from "./change-errors.ts";
import type { Context } from "./services.ts";
import { isStoreAway } from "./store-away.ts";

export const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    // A caller gets stable codes and a sentence, never a stack.
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      ...reasonOf(error),
    },
  }),
});

/** While the store is being restarted a call says so, instead of failing as a defect would. */
const whileStoreAway = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || !isStoreAway(result.error.cause)) return result;
  const { message } = result.error;
  throw new TRPCError({ code: "SERVICE_UNAVAILABLE", message, cause: result.error.cause });
});

export const signedIn = whileStoreAway.use(({ ctx, path, next }) => {
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

interface Asker {
  readonly user: User;
  readonly userNow?: Context["userNow"] | undefined;
}

/** Says what a caller may see of this in each moment; null: nothing any more. The same scope is the same object. */
export function scopeInTime(
  { user, userNow = () => user }: Asker,
  path: ProcedurePath,
  team: string | undefined,
): () => Scope | null {
  let known: { readonly user: User; readonly scope: Scope | null } | null = null;
  return () => {
    const now = userNow();
    if (now === null) return null;
    if (known?.user !== now) {
      const scope = mayCall(now.role, path) ? narrowScope(scopeOf(now), team) : null;
      known = { user: now, scope };
    }
    return known.scope;
  };
}

export function found<T>(value: T | null, what: string): T {
  if (value === null) throw new TRPCError({ code: "NOT_FOUND", message: `No such ${what}.` });
  return value;
}
