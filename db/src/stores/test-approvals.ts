import { join } from "node:path";
import {
  type ApprovalStore,
  type AuditRecord,
  type ChangeAuthor,
  type ChangeRequest,
  type ProposedChange,
  type Role,
  StoreError,
  type Stores,
  type User,
} from "@batchwatch/engine";
import { onTestFinished } from "vitest";
import { openSqlite } from "../dialects/sqlite.ts";
import { auditTrail } from "./audit-trail.ts";
import { jobSave, openTestStores, TEST_AUDIT_KEY, tempDir, unit } from "./test-store.ts";

export const HOUR: number = 3_600_000;

/** A store with a job, a source and people, in which set-up mode is over unless it is asked for. */
export interface ApprovalWorld {
  readonly stores: Stores;
  readonly path: string;
  readonly approvals: ApprovalStore;
  /** When the store was made, epoch ms; everything here happens behind it. */
  readonly now: number;
  readonly people: Readonly<Record<"admin" | "manager" | "lead" | "otherLead" | "oncall", User>>;
  readonly sourceId: string;
  /** As the person asks and decides. */
  by(user: User, commandId?: string): ChangeAuthor;
  ask(
    change: ProposedChange,
    user: User,
    more?: { mode?: "break-glass"; at?: number; reason?: string },
  ): Promise<ChangeRequest>;
  approve(request: ChangeRequest, user: User, at?: number): Promise<ChangeRequest>;
  signIn(user: User, at?: number): Promise<void>;
  facts(): Promise<readonly Pick<AuditRecord, "action" | "actorId" | "subjectKind">[]>;
}

export async function approvalWorld(more: { setup?: true } = {}): Promise<ApprovalWorld> {
  const path = join(await tempDir(), "store.db");
  const stores = await openTestStores(path);
  const { approvals } = stores;
  const { storeCreatedAt } = await approvals.setup();
  const now = storeCreatedAt + HOUR;
  const add = (name: string, role: Role, ...teams: string[]) =>
    stores.identity.addUser(name, role, teams, now);
  const people = {
    admin: await add("First Administrator", "administrator"),
    manager: await add("Operations Manager", "operations-manager"),
    lead: await add("Shift Lead", "team-lead", "Ledger"),
    otherLead: await add("Second Lead", "team-lead", "Ledger", "Payments"),
    oncall: await add("Duty Operator", "on-call", "Ledger"),
  };
  const { term } = await stores.partitions.claim([3]);
  await stores.units.save({ term, units: [unit({ job: jobSave() })], mark: null });
  const source = await stores.sources.add(
    {
      name: "Core",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      pagingMode: "WATCHING",
      teamName: null,
      keyHash: "k",
    },
    now,
  );
  if (more.setup === undefined) await approvals.endSetup(now);
  const second = openSqlite(path);
  onTestFinished(() => second.destroy());
  const by = (user: User, commandId?: string): ChangeAuthor => ({
    userId: user.userId,
    name: user.name,
    commandId,
  });
  return {
    stores,
    path,
    approvals,
    now,
    people,
    sourceId: source.sourceId,
    by,
    ask: async (change, user, { mode, at, reason } = {}) => {
      const how = {
        mode: mode ?? ("two-people" as const),
        reason: reason ?? "it is due",
        takesBack: null,
      };
      const { request } = await approvals.propose(change, by(user), how, at ?? now);
      if (request === null) throw new Error("nothing would change");
      return request;
    },
    approve: ({ requestId, hash }, user, at) =>
      approvals.approve(requestId, hash, null, by(user), at ?? now + 1),
    signIn: async (user, at) => {
      const fact = {
        at: at ?? now,
        actorKind: "user",
        actorId: user.userId,
        action: "sign-in",
        subjectKind: "session",
        subjectId: null,
        teamId: null,
        detail: {},
      } as const;
      await second.transaction().execute((tx) => auditTrail(TEST_AUDIT_KEY).append(tx, [fact]));
    },
    facts: async () => {
      const rows = await second
        .selectFrom("audit_record")
        .select(["action", "actor_id", "subject_kind"])
        .orderBy("seq")
        .execute();
      return rows.map((row) => ({
        action: row.action,
        actorId: row.actor_id,
        subjectKind: row.subject_kind,
      }));
    },
  };
}

export const tier = (to: 1 | 2 | 3 | 4 | null): ProposedChange => ({
  kind: "job-configure",
  payload: { jobId: "j1", change: { tier: to } },
});

/** The code that a call fails with; null when it does not. */
export async function codeOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}
