import type { Incident, Scope, Stores } from "@batchwatch/engine";
import { AuditRecorder } from "./audit/audit-recorder.ts";
import { HeadFile } from "./audit/head-file.ts";
import { HeadKeeper } from "./audit/head-keeper.ts";
import { type Refusal, Refusals } from "./audit/refusals.ts";
import { auditKeyOf } from "./auth/audit-key.ts";
import type { Directory } from "./auth/directory.ts";
import type { Seal } from "./auth/seal.ts";
import type { Logger } from "./logger.ts";
import { API_LIMITS } from "./options.ts";
import { retentionDaysOf, type Settings } from "./settings.ts";
import { type AuditProofs, auditProofs } from "./trpc/audit-proofs.ts";
import type { AuditNames } from "./trpc/audit-views.ts";
import { makeAuditServices } from "./trpc/audit-services.ts";
import { makePrivacyServices } from "./trpc/privacy-services.ts";
import { makeRetentionServices } from "./trpc/retention-services.ts";
import { makeTrailServices } from "./trpc/trail-services.ts";
import type { MeServices, TrustServices } from "./trpc/trust-services.ts";
import { within } from "./within.ts";

export interface AuditSetup {
  readonly settings: Settings;
  readonly seal: Seal;
  readonly stores: Stores;
  readonly readers: Stores;
  readonly directory: Pick<Directory, "userById" | "refresh">;
  readonly logger: Logger;
  /** A fact that nobody waited for is in no record. */
  readonly onLost?: () => void;
  readonly now: () => number;
}

export interface Audit {
  readonly services: Pick<TrustServices, "audit" | "trail" | "retention">;
  readonly privacy: Pick<MeServices, "export" | "erase">;
  /** What the trail holds behind the reason that nobody was paged of an incident. */
  readonly proofs: (scope: Scope, incident: Incident) => Promise<AuditProofs>;
  readonly refused: (refusal: Refusal) => void;
  /** The newest record that has its head beside the store; null: none. */
  readonly seq: () => number | null;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the audit trail: what records the reading, keeps the heads, and answers of it. */
export function makeAudit(setup: AuditSetup): Audit {
  const { settings, seal, stores, readers, directory, logger, now } = setup;
  const key = auditKeyOf(seal);
  const file = new HeadFile(settings.dataDir);
  const keeper = new HeadKeeper({ audit: stores.audit, file, key, logger, now });
  const recorder = new AuditRecorder({
    append: (facts) => stores.audit.append(facts),
    onLost: (error) => {
      logger.warn({ err: error }, "a refusal or a look at an incident could not be recorded");
      setup.onLost?.();
    },
  });
  const refusals = new Refusals((fact) => recorder.note(fact));
  const names: AuditNames = {
    nameOf: (userId) => directory.userById(userId)?.name ?? null,
    subjectNames: (subjects) => readers.audit.subjectNames(subjects),
  };
  const flushing = setInterval(() => refusals.flush(now()), API_LIMITS.refusalCountMs / 4).unref();
  return {
    services: {
      audit: makeAuditServices({
        readers,
        recorder,
        key,
        heads: () => file.read(),
        nameOf: names.nameOf,
        now,
      }),
      trail: makeTrailServices({ recorder, refusals, now }),
      retention: makeRetentionServices({
        approvals: readers.approvals,
        days: retentionDaysOf(settings),
      }),
    },
    privacy: makePrivacyServices({ stores, changed: () => directory.refresh(), now }),
    proofs: (scope, incident) => auditProofs(readers, names, scope, incident),
    refused: (refusal) => refusals.add(refusal, now()),
    seq: () => keeper.kept?.seq ?? null,
    start: () => keeper.start(),
    stop: async () => {
      clearInterval(flushing);
      refusals.flush(now(), true);
      await within(recorder.idle(), API_LIMITS.stopNotesMs);
      await within(keeper.stop(), API_LIMITS.stopNotesMs);
    },
  };
}
