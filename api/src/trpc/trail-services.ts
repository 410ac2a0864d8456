import type { AuditFact, User } from "@batchwatch/engine";
import type { AuditRecorder } from "../audit/audit-recorder.ts";
import { Lately } from "../audit/lately.ts";
import type { Refusals } from "../audit/refusals.ts";
import { API_LIMITS } from "../options.ts";

type Look = Pick<AuditFact, "action" | "subjectKind" | "subjectId" | "teamId" | "detail">;

/** What is recorded of the calls themselves. */
export interface TrailServices {
  /** Resolves when it is recorded that this person looked at the run's detail. Fails with `audit_away`: then it must not be shown. */
  viewed(
    user: User,
    run: { readonly executionId: string; readonly jobId: string; readonly teamId: string },
  ): Promise<void>;
  /** The same of a source's detail, which holds what was refused of it. */
  sourceViewed(
    user: User,
    source: { readonly sourceId: string; readonly teamId: string | null },
  ): Promise<void>;
  /**
   * Notes that this person looked at the incident's detail, and holds nothing up: they may have been woken for it.
   * @param onDevice on a paired device that is signed out
   */
  incidentViewed(
    user: User,
    incident: { readonly incidentId: string; readonly teamId: string },
    onDevice: boolean,
  ): void;
  /** A call that this person may not make. */
  refused(user: User, path: string): void;
}

export function makeTrailServices(parts: {
  readonly recorder: Pick<AuditRecorder, "record" | "note">;
  readonly refusals: Pick<Refusals, "add">;
  readonly now: () => number;
}): TrailServices {
  const { recorder, refusals, now } = parts;
  const lately = new Lately({ forMs: API_LIMITS.viewMs, most: API_LIMITS.viewsRemembered });

  /** The fact and the name of a look that is not the same as one just before; null: it is. */
  function fresh({ userId }: User, look: Look): { fact: AuditFact; key: string } | null {
    const key = `${userId} ${look.subjectKind} ${look.subjectId}`;
    // An open page asks again with every change of what it shows: that is one look a minute.
    if (lately.has(key, now())) return null;
    return { fact: { at: now(), actorKind: "user", actorId: userId, ...look }, key };
  }

  async function recorded(user: User, look: Look): Promise<void> {
    const seen = fresh(user, look);
    if (seen === null) return;
    await recorder.record(seen.fact);
    lately.add(seen.key, seen.fact.at);
  }

  return {
    viewed: (user, { executionId, jobId, teamId }) =>
      recorded(user, {
        action: "run-viewed",
        subjectKind: "run",
        subjectId: executionId,
        teamId,
        detail: { jobId },
      }),
    sourceViewed: (user, { sourceId, teamId }) =>
      recorded(user, {
        action: "source-viewed",
        subjectKind: "source",
        subjectId: sourceId,
        teamId,
        detail: {},
      }),
    incidentViewed: (user, { incidentId, teamId }, onDevice) => {
      const seen = fresh(user, {
        action: "incident-viewed",
        subjectKind: "incident",
        subjectId: incidentId,
        teamId,
        detail: onDevice ? { by: "device" } : {},
      });
      if (seen === null) return;
      lately.add(seen.key, seen.fact.at);
      recorder.note(seen.fact, () => lately.forget(seen.key));
    },
    refused: ({ userId }, what) => refusals.add({ userId, what, status: 403 }, now()),
  };
}
