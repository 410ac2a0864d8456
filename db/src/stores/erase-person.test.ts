import { cutText, formerName, type ProposedChange, type User } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { approvalWorld, tier } from "./test-approvals.ts";
import { notification } from "./test-incidents.ts";
import { openTestStores } from "./test-store.ts";
import { placesOf, traced } from "./test-traces.ts";

describe("an erasure", () => {
  test("leaves their name in no message about a change, no answer to a command, and no request that came to nothing [AUD-13]", async () => {
    const world = await approvalWorld();
    const { stores, path, now, people } = world;
    const { admin, manager } = people;
    const name = "Ann-Sophie Maximiliane von und zu Hohenlohe-Langenburg the Seventh";
    const add = {
      kind: "user-add",
      payload: { name, role: "administrator", teamNames: [] },
    } as const;
    const how = { mode: "two-people", reason: "she joins us", takesBack: null } as const;
    const ask = async (wanted: ProposedChange, by: User, commandId: string) => {
      const { request } = await stores.approvals.propose(wanted, world.by(by, commandId), how, now);
      return request ?? expect.fail("nothing would change");
    };
    const refused = await ask(add, admin, "c1");
    await stores.approvals.reject(refused.requestId, "not yet", world.by(manager, "c2"), now);
    const added = await ask(add, admin, "c3");
    const { requestId, hash } = added;
    await stores.approvals.approve(requestId, hash, null, world.by(manager, "c4"), now + 1);
    const person = { userId: added.subjectId, name, role: "administrator", teamIds: [] } as const;
    const own = await ask(tier(1), person, "c5");
    const role = { userId: person.userId, role: "auditor", teamNames: [] } as const;
    const about = await ask({ kind: "user-change", payload: role }, admin, "c6");
    for (const [request, asker, until] of [
      [refused, admin, "Expires 12-01 04:12 UTC."],
      [added, admin, "Expires 12-01 04:12 UTC."],
      [own, person, "Taken back 12-01 04:12 UTC unless somebody else approves."],
      [about, admin, "Expires 12-01 04:12 UTC."],
    ] as const) {
      const fields = request === own ? "schedule, first step, business name, runbook" : "fields";
      const words = `${asker.name}: ${request.kind} (${fields}).`;
      const card = {
        ...notification("n").card,
        kind: "approval",
        title: cutText(`APPROVAL NEEDED ${request.subjectName}`, 60),
        jobName: cutText(request.subjectName, 60),
        body: `${cutText(words, 119 - until.length)} ${until}`,
        requestId: request.requestId,
      } as const;
      await stores.outbox.add(notification(`n-${request.requestId}`, { incidentId: null, card }));
    }
    const parts = [name, "Ann-Sophie", "Langenburg"];
    expect(placesOf(path, ...parts)).toEqual([
      "app_user.name",
      "change_request.differences",
      "change_request.payload",
      "change_request.subject_name",
      "command_done.answer",
      "notification.card",
    ]);
    const former = formerName(person.userId);
    await stores.privacy.erase(person.userId, former, person, now + 9);
    expect(placesOf(path, ...parts)).toEqual([]);
    const sent = (await stores.outbox.list({}, 9, null)).items.map(({ card }) => card);
    expect(sent.map(({ title }) => title)).toContain(`APPROVAL NEEDED ${former}`);
    const bodies = sent.map(({ body }) => body);
    expect(bodies).toContain(
      `${former}. Taken back 12-01 04:12 UTC unless somebody else approves.`,
    );
    expect(bodies).toContain(`${admin.name}: user-change (fields). Expires 12-01 04:12 UTC.`);
    // The repeat of a command is answered as it was, without the name.
    const again = await stores.approvals.propose(add, world.by(admin, "c3"), how, now + 10);
    expect(again.request).toMatchObject({ subjectName: former, payload: { name: former } });
  });
});

describe("a person who was removed [AUD-13]", () => {
  const removed = async () => {
    const { world, person } = await traced();
    const { admin, manager } = world.people;
    const waiting = await world.approvals.list({ teamIds: "all", payload: true }, {}, 9, null);
    const [about] = waiting.items;
    await world.approvals.withdraw(about?.requestId ?? "", world.by(admin), world.now + 1);
    const change = { kind: "user-remove", payload: { userId: person.userId } } as const;
    await world.approve(await world.ask(change, admin), manager);
    return { world, person };
  };

  test("is erased by upkeep as well", async () => {
    const { world, person } = await removed();
    const { stores, path, now } = world;
    expect(placesOf(path, person.name)).toContain("incident_event.user_name");
    expect(await stores.upkeep.erase(now + 2)).toBe(1);
    expect(placesOf(path, person.name)).toEqual([]);
    expect((await world.facts()).at(-1)).toMatchObject({
      action: "data-erased",
      actorId: "service",
    });
    expect(await stores.upkeep.erase(now + 3)).toBe(0);
  });

  test("is, where it was broken off between the removal and the last look", async () => {
    const { world, person } = await traced();
    const { stores, path, now } = world;
    const broken = await openTestStores(path);
    // The process dies when the removal is on disk.
    const second = new Sqlite(path);
    second.exec(
      `create trigger die before delete on erasure begin select raise(abort, 'killed'); end`,
    );
    await expect(
      broken.privacy.erase(person.userId, "Former user 1", person, now + 5),
    ).rejects.toThrow("killed");
    await stores.settings.configure("j1", { tier: 3 }, person, now + 6);
    second.exec("drop trigger die");
    second.close();
    expect(placesOf(path, person.name)).toContain("job_change.user_name");
    expect(await stores.upkeep.erase(now + 7)).toBe(1);
    expect(placesOf(path, person.name)).toEqual([]);
  });

  test("takes nothing from whoever bears the name by then", async () => {
    const { world, person } = await removed();
    const { stores, now } = world;
    const next = await stores.identity.addUser(person.name, "on-call", ["Ledger"], now + 2);
    await stores.settings.configure("j1", { tier: 3 }, next, now + 3);
    const calendar = { calendarId: "later", name: "Later", zone: "UTC", workdays: [1], days: [] };
    await stores.calendars.put({ ...calendar, coversUntil: null }, next, now + 3);
    await stores.upkeep.erase(now + 4);
    const changes = await stores.settings.changes("j1", 9);
    expect(changes.map(({ userName }) => userName)).toEqual([
      person.name,
      formerName(person.userId),
    ]);
    expect(placesOf(world.path, person.name)).toContain("calendar.changed_by");
  });
});
