import { LIMITS } from "@batchwatch/engine";
import { z } from "zod";
import { commandId } from "./asking.ts";
import { id, signedIn } from "./base.ts";
import { answered } from "./change-errors.ts";
import { words } from "./words.ts";

/** Everybody's own: sessions, devices, password, data. */
export const meProcedures = {
  get: signedIn.query(({ ctx }) => ctx.services.me(ctx.user)),
  sessions: signedIn.query(async ({ ctx }) => ({
    items: await ctx.services.meServices.sessions(ctx.user, ctx.session ?? null),
  })),
  endSession: signedIn
    .input(z.strictObject({ sessionId: id }))
    .mutation(async ({ ctx, input }) => ({
      ended: await ctx.services.meServices.endSession(ctx.user, input.sessionId),
    })),
  signOutEverywhere: signedIn.mutation(async ({ ctx }) => ({
    ended: await ctx.services.meServices.signOutEverywhere(ctx.user),
  })),
  hasPassword: signedIn.query(async ({ ctx }) => ({
    hasPassword: await ctx.services.meServices.hasPassword(ctx.user),
  })),
  setPassword: signedIn
    .input(
      z.strictObject({
        password: z.string().min(1).max(256),
        current: z.string().min(1).max(256).nullish(),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(async () => {
        await ctx.services.meServices.setPassword(
          ctx.user,
          ctx.session ?? null,
          input.password,
          input.current ?? null,
        );
        return { set: true };
      }),
    ),
  devices: signedIn.query(async ({ ctx }) => ({
    items: await ctx.services.meServices.devices(ctx.user),
  })),
  pairDevice: signedIn
    .input(
      z.strictObject({
        publicKey: z.string().min(1).max(500),
        label: words(LIMITS.settingTextLength, 1),
      }),
    )
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.meServices.pairDevice(ctx.user, ctx.session ?? null, input)),
    ),
  unpairDevice: signedIn
    .input(z.strictObject({ deviceId: id }))
    .mutation(async ({ ctx, input }) => ({
      removed: await ctx.services.meServices.unpairDevice(ctx.user, input.deviceId),
    })),
  export: signedIn.mutation(({ ctx }) => ctx.services.meServices.export(ctx.user)),
  erase: signedIn
    .input(z.strictObject({ commandId, name: z.string().min(1).max(200) }))
    .mutation(({ ctx, input }) =>
      answered(async () => {
        await ctx.services.meServices.erase(ctx.user, input.name, input.commandId);
        return { erased: true };
      }),
    ),
};
