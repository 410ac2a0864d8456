import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  type AuditFact,
  checkEvidence,
  formerName,
  joinStoredSummaries,
  type Role,
  type RunView,
  type Stores,
  type User,
} from "@batchwatch/engine";
import { TRPCError } from "@trpc/server";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Audit, makeAudit } from "../make-audit.ts";
import { auditKeyOf } from "../auth/audit-key.ts";
import { openSecret } from "../auth/secret-file.ts";
import type { Seal } from "../auth/seal.ts";
import { readSettings } from "../settings.ts";
import type { Services } from "./services.ts";
import { appRouter } from "./router.ts";

let stores: Stores;
let audit: Audit;
let seal: Seal;
let people: User[];
let appendFails: Error | null;

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-audit-"));
  const settings = readSettings({
    BATCHWATCH_DATA_DIR: dir,
    BATCHWATCH_AUDIT_RETENTION_DAYS: "3000",
  });
  ({ seal } = await openSecret(settings));
  const opened = await openStores({
    path: settings.databasePath,
    auditKey: auditKeyOf(seal),
    joinSummaries: joinStoredSummaries,
  });
  stores = opened.stores;
  appendFails = null;
  const failing: Stores = {
    ...stores,
    audit: {
      ...stores.audit,
      append: (facts) =>
        appendFails === null ? stores.audit.append(facts) : Promise.reject(appendFails),
    },
  };
  people = [];
  const logger = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
  audit = makeAudit({
    settings,
    seal,
    stores: failing,
    readers: stores,
    directory: {
      userById: (userId) => people.find((one) => one.userId === userId) ?? null,
      refresh: async () => {
        people = [...(await stores.identity.users())];
      },
    },
    logger,
    now: Date.now,
  });
  await audit.start();
  onTestFinished(async () => {
    await audit.stop();
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
});

async function person(name: string, role: Role, ...teams: string[]): Promise<User> {
  const user = await stores.identity.addUser(name, role, teams, Date.now());
  people.push(user);
  return user;
}

const RUN = { executionId: "e1", jobId: "j1", teamId: "ledger" } as RunView;

function as(user: User) {
  const services = {
    ...audit.services,
    meServices: audit.privacy,
    runs: { get: async () => RUN },
  } as unknown as Services;
  return appRouter.createCaller({ user, services, ready: () => true });
}

const actions = async () => (await stores.audit.from(1)).map(({ action }) => action);
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => expect.fail("it was answered"),
    (failed: unknown) => failed,
  );
  return error instanceof TRPCError ? error.code : String(error);
};

describe("a run's detail [AUD-9]", () => {
  it("is recorded before it is shown, once a minute for one reader", async () => {
    const [one, two] = [
      await person("Duty Operator", "on-call"),
      await person("Lead", "team-lead"),
    ];
    for (const user of [one, two, one]) {
      expect(await as(user).runs.get({ executionId: "e1" })).toBe(RUN);
    }
    const records = await stores.audit.from(1);
    expect(
      records.map(({ action, actorId, subjectId, teamId, detail }) => [
        action,
        actorId,
        subjectId,
        teamId,
        detail,
      ]),
    ).toEqual([
      ["run-viewed", one.userId, "e1", "ledger", { jobId: "j1" }],
      ["run-viewed", two.userId, "e1", "ledger", { jobId: "j1" }],
    ]);
  });

  it("is not shown while it cannot be recorded, with a stable code, and is shown again afterwards", async () => {
    const user = await person("Duty Operator", "on-call");
    appendFails = Object.assign(new Error("The store is being restarted."), { code: "store_away" });
    const caller = as(user);
    await expect(caller.runs.get({ executionId: "e1" })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      cause: { code: "audit_away" },
    });
    await expect(caller.runs.get({ executionId: "e1" })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    appendFails = null;
    expect(await caller.runs.get({ executionId: "e1" })).toBe(RUN);
    expect(await actions()).toEqual(["run-viewed"]);
  });
});

it("a refused call is recorded with who and what [AUD-12]", async () => {
  const user = await person("Duty Operator", "on-call");
  const caller = as(user);
  for (let times = 0; times < 5; times += 1)
    expect(await refusal(caller.users.list({}))).toBe("FORBIDDEN");
  await audit.stop();
  expect(await stores.audit.from(1)).toMatchObject([
    {
      action: "access-refused",
      actorId: user.userId,
      subjectId: "users.list",
      detail: { times: 1 },
    },
    {
      action: "access-refused",
      actorId: user.userId,
      subjectId: "users.list",
      detail: { times: 4 },
    },
  ]);
});

it("what is searched for is recorded, as an id or a route and masked: no free words get into the trail", async () => {
  const user = await person("Auditor", "auditor");
  const search = (subjectId: string) => as(user).audit.list({ filter: { subjectId } });
  for (const words of ["Duty Operator", "who took it?", "Größe", "", "x".repeat(201)]) {
    expect(await refusal(search(words))).toBe("BAD_REQUEST");
  }
  for (const id of ["POST /api/v1/observations", "4111111111111111"]) await search(id);
  const details = (await stores.audit.from(1)).map(({ detail }) => detail["subjectId"]);
  expect(details[0]).toBe("POST /api/v1/observations");
  expect(details).toHaveLength(2);
  expect(JSON.stringify(details)).not.toContain("4111111111111111");
});

const fact = (given: Partial<AuditFact>): AuditFact => ({
  at: Date.now(),
  actorKind: "user",
  actorId: "gone",
  action: "sign-in",
  subjectKind: null,
  subjectId: null,
  teamId: null,
  detail: {},
  ...given,
});

describe("the trail as people read it", () => {
  it("names them as they are called today, and who is gone by a pseudonym", async () => {
    const auditor = await person("Auditor One", "auditor");
    await stores.audit.append([
      fact({ actorId: auditor.userId }),
      fact({ actorId: "gone", subjectKind: "user", subjectId: "gone" }),
      fact({ actorKind: "host", actorId: "host" }),
      fact({ actorKind: "service", actorId: "service" }),
      fact({ actorKind: "service", actorId: "service", detail: { webhookId: "w1" } }),
      fact({ actorId: "unknown", action: "sign-in-refused" }),
    ]);
    const page = await as(auditor).audit.list({});
    expect(page.items.map(({ who }) => who)).toEqual([
      "Auditor One",
      "Somebody unknown",
      "A webhook's link",
      "Batchwatch",
      "Command line on the host",
      formerName("gone"),
      "Auditor One",
    ]);
    expect(page.items.at(-2)?.subjectName).toBe(formerName("gone"));
    expect(page.items[0]).toMatchObject({ action: "audit-viewed", detail: {} });
  });

  it("reading it is in it, and is refused while that cannot be written", async () => {
    const auditor = await person("Auditor One", "auditor");
    const caller = as(auditor);
    await caller.audit.list({ filter: { actorId: "u1" } });
    await caller.audit.list({ filter: { actorId: "u1" } });
    await caller.audit.list({ filter: { actorId: "u2" } });
    const records = await stores.audit.from(1);
    expect(records.map(({ action, detail }) => [action, detail])).toEqual([
      ["audit-viewed", { actorId: "u1" }],
      ["audit-viewed", { actorId: "u2" }],
    ]);
    appendFails = new Error("disk full");
    for (const call of [
      () => caller.audit.list({ filter: { actorId: "u3" } }),
      () => caller.audit.verify(),
      () => caller.audit.evidence({}),
    ]) {
      expect(await refusal(call())).toBe("SERVICE_UNAVAILABLE");
    }
  });

  it("a lead sees their team's, what concerns no team, and their own acts", async () => {
    const lead = await person("Shift Lead", "team-lead", "Ledger");
    await stores.audit.append([
      fact({ teamId: "ledger" }),
      fact({ teamId: "payments" }),
      fact({ teamId: "payments", actorId: lead.userId }),
    ]);
    const { items } = await as(lead).audit.list({});
    expect(items.map(({ teamId }) => teamId)).toEqual([null, "payments", "ledger"]);
    expect(await refusal(as(lead).audit.list({ filter: { team: "payments" } }))).toBe("FORBIDDEN");
  });

  it("verifies from the page, which is recorded with what was found", async () => {
    const auditor = await person("Auditor One", "auditor");
    await stores.audit.append([fact({}), fact({})]);
    const [first, second] = await Promise.all([
      as(auditor).audit.verify(),
      as(auditor).audit.verify(),
    ]);
    expect(first).toMatchObject({
      intact: true,
      complete: true,
      records: 2,
      brokenAt: null,
      headSeq: 2,
    });
    expect(second).toMatchObject({ records: 2 });
    expect((await stores.audit.from(3))[0]).toMatchObject({
      action: "audit-verified",
      detail: { intact: true, records: 2 },
    });
  });

  it("gives evidence that checks by itself, of what the filter says", async () => {
    const auditor = await person("Auditor One", "auditor");
    await stores.audit.append([
      fact({ actorId: "u1" }),
      fact({ actorId: "u2" }),
      fact({ actorId: "u1" }),
    ]);
    const evidence = await as(auditor).audit.evidence({ filter: { actorId: "u1" } });
    expect(evidence).toMatchObject({ records: 2, cut: false });
    expect(evidence.fileName).toMatch(/^audit-evidence-\d{8}T\d{6}Z\.ndjson$/);
    expect(checkEvidence(auditKeyOf(seal), evidence.text)).toMatchObject({
      intact: true,
      records: 2,
    });
    expect((await stores.audit.from(4))[0]).toMatchObject({
      action: "evidence-exported",
      detail: { actorId: "u1", records: 2, cut: false },
    });
  });
});

describe("one's own data [S65]", () => {
  it("is taken along as JSON, and that is recorded", async () => {
    const user = await person("Duty Operator", "on-call", "Ledger");
    const { fileName, text } = await as(user).me.export();
    expect(fileName).toMatch(/^batchwatch-my-data-\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(text)).toMatchObject({
      profile: { name: "Duty Operator" },
      teams: [{ teamId: "ledger" }],
    });
    expect(await actions()).toEqual(["data-exported"]);
  });

  it("is erased for the right name only; the trail keeps the id, and shows the pseudonym", async () => {
    const auditor = await person("Auditor One", "auditor");
    const user = await person("Duty Operator", "on-call", "Ledger");
    const erase = (name: string) => as(user).me.erase({ commandId: randomUUID(), name });
    await expect(erase("duty operator")).rejects.toMatchObject({
      code: "BAD_REQUEST",
      cause: { code: "wrong_name" },
    });
    expect(await erase("Duty Operator")).toEqual({ erased: true });
    expect(people.map(({ name }) => name)).toEqual(["Auditor One"]);
    const { items } = await as(auditor).audit.list({ filter: { actorId: user.userId } });
    expect(items).toMatchObject([{ action: "data-erased", who: formerName(user.userId) }]);
  });

  it("is not erased of the last administrator", async () => {
    const user = await person("First Administrator", "administrator");
    const call = as(user).me.erase({ commandId: randomUUID(), name: "First Administrator" });
    await expect(call).rejects.toMatchObject({
      code: "CONFLICT",
      cause: { code: "last_administrator" },
    });
  });

  it("is kept for a time that everybody may know", async () => {
    const user = await person("Duty Operator", "on-call");
    expect(await as(user).retention.list()).toEqual({
      items: [
        { what: "audit", days: 3_000, setBy: "host" },
        { what: "incidents", days: 2_557, setBy: "host" },
        { what: "notifications", days: 400, setBy: "host" },
        { what: "runs", days: 90, setBy: "host" },
      ],
    });
  });
});
