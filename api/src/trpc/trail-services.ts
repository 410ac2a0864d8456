import type { User } from "@batchwatch/engine";
import type { AuditRecorder } from "../audit/audit-recorder.ts";
import { Lately } from "../audit/lately.ts";
import type { Refusals } from "../audit/refusals.ts";
import { API_LIMITS } from "../options.ts";

/** What is recorded of the calls themselves. */
export interface TrailServices {
  /** Resolves when it is recorded that this person looked at the run's detail. Fails with `audit_away`: then it must not be shown. */
  viewed(
    user: User,
    run: { readonly executionId: string; readonly jobId: string; readonly teamId: string },
  ): Promise<void>;
  /** A call that this person may not make. */
  refused(user: User, path: string): void;
}

export function makeTrailServices(parts: {
  readonly recorder: Pick<AuditRecorder, "record">;
  readonly refusals: Pick<Refusals, "add">;
  readonly now: () => number;
}): TrailServices {
  const { recorder, refusals, now } = parts;
  const lately = new Lately({ forMs: API_LIMITS.viewMs, most: API_LIMITS.viewsRemembered });
  return {
    async viewed({ userId }, { executionId, jobId, teamId }) {
      const look = `${userId} ${executionId}`;
      // An open page asks again with every change of the run: that is one look a minute.
      if (lately.has(look, now())) return;
      const at = now();
      await recorder.record({
        at,
        actorKind: "user",
        actorId: userId,
        action: "run-viewed",
        subjectKind: "run",
        subjectId: executionId,
        teamId,
        detail: { jobId },
      });
      lately.add(look, at);
    },
    refused: ({ userId }, what) => refusals.add({ userId, what, status: 403 }, now()),
  };
}
