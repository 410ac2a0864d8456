import type { User } from "@batchwatch/engine";
import { z } from "zod";
import { API_LIMITS } from "../options.ts";
import { signedIn } from "./base.ts";

/** Milliseconds since the page was asked for; numbers only, so that nothing else can be told. */
const ms = z.number().min(0).max(API_LIMITS.vitalMostMs);

const report = z.strictObject({
  shownMs: ms,
  from: z.enum(["server", "device"]),
  ttfbMs: ms.nullish(),
  fcpMs: ms.nullish(),
  lcpMs: ms.nullish(),
  inpMs: ms.nullish(),
});
export type VitalsReport = z.infer<typeof report>;

export interface VitalsServices {
  /** False: this person's pages have reported as often as they may; the report is dropped. */
  report(user: User, report: VitalsReport): boolean;
}

/** How long the page took to show the board, said by the page itself once for each cold load [S66]. */
export const vitalsProcedures = {
  report: signedIn
    .input(report)
    .mutation(({ ctx, input }) => ({ kept: ctx.services.vitals.report(ctx.user, input) })),
};

const WINDOW_MS = 60_000;

/** Lets so many reports of one person through in a minute. Persons are those who are signed in: there are not too many of them. */
export class VitalReports implements VitalsServices {
  readonly #keep: (report: VitalsReport) => void;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #windowEndsAt = 0;

  constructor(keep: (report: VitalsReport) => void, now: () => number) {
    this.#keep = keep;
    this.#now = now;
  }

  report({ userId }: User, given: VitalsReport): boolean {
    const now = this.#now();
    if (now >= this.#windowEndsAt || this.#windowEndsAt - now > WINDOW_MS) {
      this.#counts.clear();
      this.#windowEndsAt = now + WINDOW_MS;
    }
    const count = (this.#counts.get(userId) ?? 0) + 1;
    if (count > API_LIMITS.vitalsPerUserAndMinute) return false;
    this.#counts.set(userId, count);
    this.#keep(given);
    return true;
  }
}
