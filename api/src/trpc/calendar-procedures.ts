import { CALENDAR_DAY_KINDS, LIMITS } from "@batchwatch/engine";
import { z } from "zod";
import { asking } from "./asking.ts";
import { found, signedIn, teamId } from "./base.ts";
import { answered } from "./change-errors.ts";

const day = z.strictObject({
  day: z.string().max(10),
  kind: z.enum(CALENDAR_DAY_KINDS),
  label: z.string().max(1_000).default(""),
});

const calendar = z.strictObject({
  calendarId: teamId,
  name: z.string().max(1_000),
  zone: z.string().max(60),
  workdays: z.array(z.number().int()).max(7),
  coversUntil: z.string().max(10).nullable(),
  days: z.array(day).max(LIMITS.calendarDays),
});

/** Calendars belong to no team: everyone sees them. */
export const calendarProcedures = {
  list: signedIn.query(({ ctx }) => ctx.services.calendars.list()),
  get: signedIn
    .input(z.strictObject({ calendarId: teamId }))
    .query(async ({ ctx, input }) =>
      found(await ctx.services.calendars.get(input.calendarId), "calendar"),
    ),
  propose: signedIn
    .input(z.strictObject({ calendar, ...asking }))
    .mutation(({ ctx, input }) =>
      answered(() => ctx.services.changing.putCalendar(ctx.user, input, input.calendar)),
    ),
};
