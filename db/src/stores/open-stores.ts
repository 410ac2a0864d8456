import type { Stores } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { openSqlite } from "../dialects/sqlite.ts";
import { migrateToLatest, requireLatest } from "../migrations/migrate.ts";
import type { Database } from "../schema/database.ts";
import { alertStore } from "./alert-store.ts";
import { approvalStore } from "./approval-store.ts";
import { auditStore } from "./audit-store.ts";
import { type AuditTrail, auditTrail, keylessTrail } from "./audit-trail.ts";
import { blindStore } from "./blind-store.ts";
import { calendarStore } from "./calendar-store.ts";
import { identityStore } from "./identity-store.ts";
import { incidentStore } from "./incident-store.ts";
import { jobStore } from "./job-store.ts";
import { keyStore } from "./key-store.ts";
import { letterStore } from "./letter-store.ts";
import { outboxStore } from "./outbox-store.ts";
import { partitionStore } from "./partition-store.ts";
import { privacyStore } from "./privacy-store.ts";
import { receiverStore } from "./receiver-store.ts";
import { runStore } from "./run-store.ts";
import { prepareService, serviceStore } from "./service-store.ts";
import { sessionStore } from "./session-store.ts";
import { settingsStore } from "./settings-store.ts";
import { sourceStore } from "./source-store.ts";
import { upkeepStore } from "./upkeep-store.ts";
import { unitStore, type JoinSummaries } from "./unit-store.ts";

export interface StoreOptions {
  /** File of the store; made when absent, unless `readonly`. */
  readonly path: string;
  /** Opens without migrating; every write fails. @default false */
  readonly readonly?: boolean;
  /** What the audit trail is sealed with: 32 secret bytes that are not in the store. Without it nothing can be written to the trail. */
  readonly auditKey?: Buffer;
  /** Joins a stored run summary with a later part of it. */
  readonly joinSummaries: JoinSummaries;
}

export interface OpenStores {
  readonly stores: Stores;
  close(): Promise<void>;
}

/** Opens the store and migrates it. Fails with {@link SchemaError} when file and program do not fit. */
export async function openStores(options: StoreOptions): Promise<OpenStores> {
  const readonly = options.readonly ?? false;
  const db = openSqlite(options.path, { readonly });
  try {
    if (readonly) {
      await requireLatest(db);
    } else {
      await migrateToLatest(db);
      await prepareService(db, Date.now());
    }
    return {
      stores: storesOn(db, options.joinSummaries, trailOf(options.auditKey)),
      close: () => db.destroy(),
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function storesOn(db: Kysely<Database>, joinSummaries: JoinSummaries, trail: AuditTrail): Stores {
  return {
    partitions: partitionStore(db),
    units: unitStore(db, joinSummaries),
    jobs: jobStore(db),
    runs: runStore(db),
    identity: identityStore(db, trail),
    sources: sourceStore(db),
    service: serviceStore(db),
    settings: settingsStore(db),
    calendars: calendarStore(db),
    blind: blindStore(db),
    letters: letterStore(db),
    alerts: alertStore(db),
    incidents: incidentStore(db, trail),
    outbox: outboxStore(db, trail),
    receivers: receiverStore(db, trail),
    sessions: sessionStore(db, trail),
    keys: keyStore(db, trail),
    approvals: approvalStore(db, trail),
    audit: auditStore(db, trail),
    privacy: privacyStore(db, trail),
    upkeep: upkeepStore(db, trail),
  };
}

function trailOf(key: Buffer | undefined): AuditTrail {
  return key === undefined ? keylessTrail() : auditTrail(key);
}
