import {
  type AuditAction,
  type AuditFact,
  type AuditFilter,
  type AuditVerdict,
  type AuditVerdictView,
  evidenceText,
  type HeadLine,
  maskText,
  signedHead,
  type Stores,
  type User,
} from "@batchwatch/engine";
import type { AuditRecorder } from "../audit/audit-recorder.ts";
import { evidenceRecords } from "../audit/evidence-records.ts";
import { Lately } from "../audit/lately.ts";
import { verifyTrail } from "../audit/verify-trail.ts";
import { API_LIMITS } from "../options.ts";
import { type AuditNames, auditViews } from "./audit-views.ts";
import type { AuditServices } from "./trust-services.ts";

export interface AuditParts {
  readonly readers: Pick<Stores, "audit">;
  readonly recorder: Pick<AuditRecorder, "record">;
  readonly key: Buffer;
  readonly heads: () => Promise<readonly HeadLine[]>;
  readonly nameOf: AuditNames["nameOf"];
  readonly now: () => number;
}

/** Reading the trail is recorded before it is answered: no record, no answer. */
export function makeAuditServices(parts: AuditParts): AuditServices {
  const { readers, recorder, key, heads, nameOf, now } = parts;
  const names = {
    nameOf,
    subjectNames: (subjects: Parameters<AuditNames["subjectNames"]>[0]) =>
      readers.audit.subjectNames(subjects),
  };
  const lately = new Lately({ forMs: API_LIMITS.viewMs, most: API_LIMITS.viewsRemembered });
  let verifying: Promise<AuditVerdict> | null = null;

  async function verify(): Promise<AuditVerdict> {
    // Whoever asks meanwhile gets the same: it reads the whole trail.
    verifying ??= verifyTrail({
      audit: readers.audit,
      key,
      heads,
      mostMs: API_LIMITS.auditVerifyMs,
      now,
    });
    try {
      return await verifying;
    } finally {
      verifying = null;
    }
  }

  return {
    async list(scope, user, filter, limit, cursor) {
      const look = JSON.stringify([user.userId, filter]);
      if (!lately.has(look, now())) {
        await recorder.record(looked("audit-viewed", user, filter, now()));
        lately.add(look, now());
      }
      const page = await readers.audit.list(scope, user.userId, filter, limit, cursor);
      return { items: await auditViews(page.items, names), nextCursor: page.nextCursor };
    },

    async verify(user) {
      const verdict = await verify();
      const { intact, complete, brokenAt, records } = verdict;
      await recorder.record({
        ...looked("audit-verified", user, {}, now()),
        detail: { intact, complete, records, brokenAt },
      });
      return verdictView(verdict, now());
    },

    async evidence(scope, user, filter) {
      const { records, cut } = await evidenceRecords(readers.audit, scope, user.userId, filter);
      const [{ storeId }, head] = await Promise.all([readers.audit.ends(), readers.audit.head()]);
      const madeAt = now();
      const fact = looked("evidence-exported", user, filter, madeAt);
      await recorder.record({ ...fact, detail: { ...fact.detail, records: records.length, cut } });
      const text = evidenceText({
        key,
        storeId,
        madeAt,
        filter,
        records,
        cut,
        head: head === null ? null : signedHead(key, storeId, head),
      });
      const day = new Date(madeAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
      return { fileName: `audit-evidence-${day}Z.ndjson`, records: records.length, text, cut };
    },
  };
}

function looked(action: AuditAction, user: User, filter: AuditFilter, at: number): AuditFact {
  const given = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === "string" ? maskText(value).text : value]],
  );
  return {
    at,
    actorKind: "user",
    actorId: user.userId,
    action,
    subjectKind: "audit",
    subjectId: null,
    teamId: null,
    detail: Object.fromEntries(given) as AuditFact["detail"],
  };
}

function verdictView({ head, ...verdict }: AuditVerdict, at: number): AuditVerdictView {
  return {
    ...verdict,
    at: new Date(at).toISOString(),
    headSeq: head?.seq ?? null,
    headAt: head === null ? null : new Date(head.at).toISOString(),
  };
}
