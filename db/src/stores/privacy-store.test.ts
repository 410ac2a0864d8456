import { join } from "node:path";
import { formerName, type Stores, type User } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { NAME_SWEEPS } from "./erase-person.ts";
import { approvalWorld, type ApprovalWorld, HOUR } from "./test-approvals.ts";
import {
  acknowledge,
  after,
  answered,
  change,
  event,
  incident,
  notification,
} from "./test-incidents.ts";
import { openTestStores, tempDir } from "./test-store.ts";

const BROWSER = {
  endpoint: "https://push.example/secret-path",
  p256dh: "device-key",
  auth: "device-secret",
  label: "Chrome on Android",
  isPrivate: false,
  consentWords: "2026-11",
} as const;

/** What the store keeps to let a person in or reach them. */
const SECRETS = [
  ..."hash-of-token,hash-of-code,hash-of-it,hash-of-refresh".split(","),
  ..."secret-path,device-key,device-secret,public-half".split(","),
];

/** One person who has left a trace in every part of the store. */
async function traced(): Promise<{ readonly world: ApprovalWorld; readonly person: User }> {
  const world = await approvalWorld();
  const { stores, now, people } = world;
  const { oncall: person, admin, lead } = people;
  const by = { userId: person.userId, name: person.name };
  const session = {
    sessionId: "s1",
    userId: person.userId,
    createdAt: now + 1,
    lastUsedAt: now + 1,
  };
  await stores.sessions.add(
    { ...session, expiresAt: now + HOUR, label: "Chrome", method: "password" },
    "hash-of-refresh",
    { at: now + 1, method: "password" },
  );
  await stores.sessions.pair({
    deviceId: "d1",
    userId: person.userId,
    publicKey: "public-half",
    label: "Phone",
    pairedAt: now,
    lastUsedAt: null,
    goodUntil: now + HOUR,
  });
  await stores.sessions.setPassword(person.userId, "$argon2id$hash-of-it", person.userId, now);
  await stores.sessions.linkSubject("https://id.example", "subject-1", person.userId, "host", now);
  const token = { tokenHash: "hash-of-token", userId: person.userId, kind: "bearer" } as const;
  await stores.identity.addToken({ ...token, expiresAt: now + HOUR }, now);
  await stores.identity.addSignInCode("hash-of-code", person.userId, now + HOUR, now);
  await stores.receivers.subscribe({ ...BROWSER, userId: person.userId, createdAt: now });
  await stores.receivers.setOncall("ledger", [person.userId, lead.userId], lead, now);
  await stores.settings.configure("j1", { tier: 1 }, by, now);
  await stores.calendars.put(
    {
      calendarId: "target",
      name: "TARGET",
      zone: "UTC",
      workdays: [1],
      coversUntil: null,
      days: [],
    },
    by,
    now,
  );
  await answeredIncident(stores, person, now);
  // Asked for by somebody about the person, and by the person about a job.
  const promotion = {
    kind: "user-change",
    payload: { userId: person.userId, role: "team-lead", teamNames: [] },
  } as const;
  await world.ask(promotion, admin);
  return { world, person };
}

async function answeredIncident(stores: Stores, person: User, now: number): Promise<void> {
  const by = { userId: person.userId, name: person.name };
  const card = {
    ...notification("n0").card,
    acknowledgedBy: person.name,
    nextPerson: person.name,
    body: `${person.name} has not answered for 5 min.`,
  };
  const first = incident("i1", { openedAt: now, updatedAt: now });
  const to = { userId: person.userId, receiver: person.name, createdAt: now };
  await stores.incidents.commit([
    change(first, {
      notifications: [notification("n1", { ...to, incidentId: "i1", card })],
      events: [
        event("v1", { incidentId: "i1", kind: "paged", by: null, text: person.name, at: now }),
      ],
    }),
  ]);
  const held = after(first, { state: "ACKNOWLEDGED", acknowledgedBy: by, updatedAt: now + 1 });
  const command = acknowledge("6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10", "i1", { by });
  await stores.incidents.commit([
    change(held, {
      command: answered(command, held),
      events: [
        event("v2", { incidentId: "i1", kind: "acknowledged", by, text: null, at: now + 1 }),
        event("v3", {
          incidentId: "i1",
          kind: "commented",
          by,
          text: "Disk was full",
          at: now + 2,
        }),
      ],
    }),
  ]);
}

/** Every place in the file where one of these texts stands: table.column. */
function placesOf(path: string, ...texts: readonly string[]): readonly string[] {
  const file = new Sqlite(path, { readonly: true });
  const tables = file
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[];
  const places = tables.flatMap((table) =>
    (file.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => texts.some((text) => String(value).includes(text)))
        .map(([column]) => `${table}.${column}`),
    ),
  );
  file.close();
  return [...new Set(places)].sort();
}

describe("erasing a person", () => {
  test("leaves their name nowhere in the store, and nothing that lets them in or reaches them [AUD-13]", async () => {
    const { world, person } = await traced();
    const { stores, path, people, now } = world;
    expect(placesOf(path, person.name)).toEqual([
      "app_user.name",
      "calendar.changed_by",
      "change_request.subject_name",
      "command_done.answer",
      "incident.body",
      "incident_event.event_text",
      "incident_event.user_name",
      "job_change.user_name",
      "notification.card",
      "notification.receiver",
    ]);
    const by = { userId: person.userId, name: person.name };
    await stores.privacy.erase(person.userId, formerName(person.userId), by, now + 9);
    expect(placesOf(path, person.name)).toEqual([]);
    expect(placesOf(path, ...SECRETS, "subject-1")).toEqual([]);
    expect(await stores.identity.users()).not.toContainEqual(
      expect.objectContaining({ userId: person.userId }),
    );
    expect(await stores.receivers.oncall()).toEqual([
      { teamId: "ledger", userIds: [people.lead.userId] },
    ]);
    expect(await stores.sessions.all(now)).toEqual([]);
    expect(await stores.sessions.devices()).toEqual([]);
    expect(await stores.receivers.subscriptions()).toEqual([]);
    const events = await stores.incidents.events("i1");
    expect(events.map(({ by: author, text }) => [author?.name ?? null, text])).toEqual([
      [null, formerName(person.userId)],
      [formerName(person.userId), null],
      [formerName(person.userId), "Disk was full"],
    ]);
    const [sent] = await stores.outbox.ofIncident("i1");
    expect(sent).toMatchObject({
      receiver: formerName(person.userId),
      card: { body: `${formerName(person.userId)} has not answered for 5 min.` },
    });
    expect((await world.facts()).at(-1)).toMatchObject({
      action: "data-erased",
      actorId: person.userId,
    });
  });

  test("moves the version of incidents, so that a desk reads them again and does not write the name back", async () => {
    const { world, person } = await traced();
    const { stores, now } = world;
    const before = (await stores.incidents.get("i1")) ?? expect.fail("no incident");
    await stores.privacy.erase(person.userId, "Former user 1", { ...person }, now + 9);
    const stale = after(before, { updatedAt: now + 10 });
    expect(await stores.incidents.commit([change(stale)])).toEqual(["conflict"]);
    expect(await stores.incidents.get("i1")).toMatchObject({
      version: before.version + 1,
      acknowledgedBy: { userId: person.userId, name: "Former user 1" },
    });
  });

  test("withdraws what they asked for, and made again says that they are not there", async () => {
    const { world } = await traced();
    const { stores, people, now } = world;
    const waiting = await world.ask(
      { kind: "job-configure", payload: { jobId: "j1", change: { tier: 2 } } },
      people.lead,
    );
    await stores.privacy.erase(people.lead.userId, "Former user 2", people.lead, now + 9);
    expect(await stores.approvals.get(waiting.requestId)).toMatchObject({ state: "WITHDRAWN" });
    await expect(
      stores.privacy.erase(people.lead.userId, "Former user 2", people.lead, now + 10),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("is refused to the last administrator, and changes nothing then", async () => {
    const { world } = await traced();
    const { admin } = world.people;
    await expect(
      world.stores.privacy.erase(admin.userId, "Former user 3", admin, world.now),
    ).rejects.toMatchObject({ code: "last_administrator" });
    expect(placesOf(world.path, admin.name)).toContain("app_user.name");
    await world.stores.identity.addUser("Second Administrator", "administrator", [], world.now);
    await world.stores.privacy.erase(admin.userId, "Former user 3", admin, world.now);
    expect(placesOf(world.path, admin.name)).toEqual([]);
  });

  test("leaves another person of a similar name alone", async () => {
    const { world, person } = await traced();
    const { stores, path, now } = world;
    const other = await stores.identity.addUser(`${person.name} Two`, "on-call", [], now);
    await stores.settings.configure("j1", { tier: 3 }, other, now + 2);
    await stores.privacy.erase(person.userId, "Former user 1", person, now + 9);
    expect(placesOf(path, other.name)).toEqual(["app_user.name", "job_change.user_name"]);
  });
});

/**
 * Columns that may hold a person's name or what somebody wrote, by table. A new one makes this test fail until somebody has said whether an
 * erasure goes through it.
 */
const NO_NAMES: Readonly<Record<string, string>> = {
  app_user: "goes",
  access_token: "goes with app_user",
  sign_in_code: "goes with app_user",
  app_user_team: "goes with app_user",
  browser_session: "goes with app_user",
  paired_device: "goes with app_user",
  user_password: "goes with app_user",
  user_subject: "goes with app_user",
  push_subscription: "goes with app_user",
  oncall_person: "goes with app_user",
  audit_record: "ids only",
};

test("every table that knows persons is gone through, or says why not", async () => {
  const path = join(await tempDir(), "store.db");
  await openTestStores(path);
  const file = new Sqlite(path, { readonly: true });
  const tables = file
    .prepare("select name from sqlite_master where type = 'table' and name not like 'kysely%'")
    .pluck()
    .all() as string[];
  const personal = tables.filter((table) =>
    (file.pragma(`table_info("${table}")`) as { name: string }[]).some(({ name }) =>
      /user|_by$|author|person|receiver|actor/.test(name),
    ),
  );
  file.close();
  const known = [...Object.keys(NAME_SWEEPS), ...Object.keys(NO_NAMES)];
  // Keys of jobs, not of persons.
  const others = ["job_run"];
  expect(personal.filter((table) => !known.includes(table) && !others.includes(table))).toEqual([]);
});

describe("a person's export", () => {
  test("holds every part that is kept of them, and no secret", async () => {
    const { world, person } = await traced();
    const { stores, now } = world;
    const parts = await stores.privacy.export(person.userId, now + 5);
    expect(parts).toMatchObject({
      profile: { userId: person.userId, name: person.name, role: "on-call" },
      teams: [{ teamId: "ledger" }],
      tokens: [{ kind: "bearer" }],
      sessions: [{ browser: "Chrome", method: "password", endedAt: null }],
      signInLinks: [{ usedAt: null }],
      pairedDevices: [{ device: "Phone" }],
      signInWays: [{ password: true }, { issuer: "https://id.example", subject: "subject-1" }],
      pushSubscriptions: [
        {
          device: "Chrome on Android",
          pushService: "https://push.example",
          consentWords: "2026-11",
        },
      ],
      onCall: [{ teamId: "ledger", place: 1 }],
      incidents: [{ what: "commented", words: "Disk was full" }, { what: "acknowledged" }],
      notifications: [{ kind: "page", incidentId: "i1" }],
      changesOfJobs: [{ field: "tier", after: "1" }],
      changeRequests: [{ kind: "user-change", askedByYou: false, reason: null }],
      calendars: [{ calendarId: "target" }],
    });
    expect(parts["auditTrail"]).toContainEqual(
      expect.objectContaining({ action: "incident-command", actorId: person.userId }),
    );
    expect(parts).not.toHaveProperty("newestOnly");
    const text = JSON.stringify(parts);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect((await world.facts()).at(-1)).toMatchObject({ action: "data-exported" });
  });

  test("of nobody fails", async () => {
    const stores = await openTestStores();
    await expect(stores.privacy.export("nobody", 1)).rejects.toMatchObject({ code: "not_found" });
  });
});

test("the list of users says when each was last in", async () => {
  const { world, person } = await traced();
  const users = await world.stores.privacy.users();
  expect(users.find(({ userId }) => userId === person.userId)?.lastSignInAt).toBe(world.now + 1);
  expect(users.find(({ userId }) => userId === world.people.lead.userId)?.lastSignInAt).toBeNull();
});
