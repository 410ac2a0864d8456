import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import { type IncidentView, joinStoredSummaries, type Role, type User } from "@batchwatch/engine";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { AuditRecorder } from "../audit/audit-recorder.ts";
import { Refusals } from "../audit/refusals.ts";
import type { SourceDetailView } from "./incident-services.ts";
import { appRouter } from "./router.ts";
import type { Services } from "./services.ts";
import { makeTrailServices } from "./trail-services.ts";

const INCIDENT = { incidentId: "i1", teamId: "ledger" } as IncidentView;
const SOURCE = { sourceId: "s1", teamId: null } as SourceDetailView;
const MINUTE = 60_000;

let now: number;
let appendFails: Error | null;
/** Appends wait for it. */
let held: Promise<void>;
let lost: number;
let services: Services;
let recorder: AuditRecorder;
let records: () => Promise<readonly object[]>;

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-trail-"));
  const { stores, close } = await openStores({
    path: join(dir, "batchwatch.db"),
    auditKey: randomBytes(32),
    joinSummaries: joinStoredSummaries,
  });
  onTestFinished(async () => {
    await close();
    await rm(dir, { recursive: true, force: true });
  });
  [now, appendFails, held, lost] = [1_800_000_000_000, null, Promise.resolve(), 0];
  recorder = new AuditRecorder({
    append: async (facts) => {
      await held;
      if (appendFails !== null) throw appendFails;
      return stores.audit.append(facts);
    },
    onLost: () => {
      lost += 1;
    },
  });
  const refusals = new Refusals((fact) => recorder.note(fact));
  services = {
    trail: makeTrailServices({ recorder, refusals, now: () => now }),
    incidents: { get: async () => INCIDENT, wasPagedFor: async () => true },
    sources: { get: async () => SOURCE },
  } as unknown as Services;
  records = async () => {
    await recorder.idle();
    return stores.audit.from(1);
  };
});

function as(userId: string, role: Role = "on-call", pagedOnly = false) {
  const user: User = { userId, name: userId, role, teamIds: ["ledger"] };
  return appRouter.createCaller({ user, services, pagedOnly, ready: () => true });
}

describe("an incident's detail [AUD-9]", () => {
  const look = (caller: ReturnType<typeof as>) => caller.incidents.get({ incidentId: "i1" });

  it("is recorded once a minute for one reader, and says so where the device is signed out", async () => {
    for (const caller of [as("one"), as("two", "on-call", true), as("one")]) {
      expect(await look(caller)).toBe(INCIDENT);
    }
    now += MINUTE;
    await look(as("one"));
    const seen = {
      action: "incident-viewed",
      actorKind: "user",
      subjectKind: "incident",
      subjectId: "i1",
      teamId: "ledger",
    };
    expect(await records()).toMatchObject([
      { ...seen, actorId: "one", detail: {} },
      { ...seen, actorId: "two", detail: { by: "device" } },
      { ...seen, actorId: "one", at: now },
    ]);
  });

  it("does not wait for its record", async () => {
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    expect(await look(as("one"))).toBe(INCIDENT);
    release();
    expect(await records()).toHaveLength(1);
  });

  it("is shown while it cannot be recorded; that is counted, and the next look is recorded", async () => {
    appendFails = new Error("The store is being restarted.");
    expect(await look(as("one"))).toBe(INCIDENT);
    expect(await records()).toEqual([]);
    expect(lost).toBe(1);
    appendFails = null;
    await look(as("one"));
    expect(await records()).toHaveLength(1);
  });
});

describe("a source's detail [AUD-9]", () => {
  it("is recorded before it is shown, and is not shown while it cannot be", async () => {
    const caller = as("one", "auditor");
    const look = () => caller.sources.get({ sourceId: "s1" });
    appendFails = new Error("The store is being restarted.");
    await expect(look()).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      cause: { code: "audit_away" },
    });
    appendFails = null;
    expect(await look()).toBe(SOURCE);
    expect(await look()).toBe(SOURCE);
    expect(await records()).toMatchObject([
      { action: "source-viewed", actorId: "one", subjectKind: "source", subjectId: "s1" },
    ]);
    expect(lost).toBe(0);
  });
});
