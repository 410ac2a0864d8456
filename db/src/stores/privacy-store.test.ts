import { join } from "node:path";
import { formerName } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { NAME_SWEEPS } from "./erase-person.ts";
import { after, change } from "./test-incidents.ts";
import { openTestStores, tempDir } from "./test-store.ts";
import { placesOf, SECRETS, traced } from "./test-traces.ts";

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
  erasure: "goes when the name is nowhere else",
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
