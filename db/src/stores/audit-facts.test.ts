import type { AuditRecord, Stores } from "@batchwatch/engine";
import { expect, test } from "vitest";
import {
  acknowledge,
  after,
  answered,
  change,
  duty,
  incident,
  notification,
} from "./test-incidents.ts";
import { BY, openTestStores } from "./test-store.ts";

const COMMAND = "6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10";

async function facts({ audit }: Stores): Promise<readonly Partial<AuditRecord>[]> {
  return (await audit.from(1)).map(({ mac: _mac, seq: _seq, ...fact }) => fact);
}

test("a command on an incident is recorded in its own commit, a conflict leaves nothing [AUD-11]", async () => {
  const stores = await openTestStores();
  const first = incident("i1");
  await stores.incidents.commit([change(first)]);
  expect(await facts(stores)).toEqual([]);
  const held = after(first, { state: "ACKNOWLEDGED", acknowledgedBy: duty, updatedAt: 2_000 });
  const command = acknowledge(COMMAND, "i1");
  const acknowledged = change(held, { command: answered(command, held) });
  expect(await stores.incidents.commit([acknowledged])).toEqual(["done"]);
  expect(await stores.incidents.commit([acknowledged])).toEqual(["conflict"]);
  expect(await facts(stores)).toEqual([
    {
      at: 2_000,
      actorKind: "user",
      actorId: "u1",
      action: "incident-command",
      subjectKind: "incident",
      subjectId: "i1",
      teamId: "ledger",
      detail: { command: "acknowledge", outcome: "done", commandId: COMMAND },
    },
  ]);
});

test("how it came is told, and of free words only that they were given", async () => {
  const stores = await openTestStores();
  let now = incident("i1");
  await stores.incidents.commit([change(now)]);
  const ways = [
    { commandId: "c1", via: "link", action: { type: "acknowledge" } },
    { commandId: "c2", via: "device", action: { type: "snooze", untilMs: 3_600_000 } },
    { commandId: "c3", action: { type: "comment", text: "Told the Second Operator" } },
    {
      commandId: "c4",
      by: { userId: "webhook:w-1", name: "siem" },
      via: "link",
      action: { type: "acknowledge" },
    },
  ] as const;
  for (const way of ways) {
    now = after(now);
    const command = acknowledge(way.commandId, "i1", way);
    await stores.incidents.commit([change(now, { command: answered(command, now) })]);
  }
  const recorded = await facts(stores);
  expect(
    recorded.map(({ actorKind, actorId, detail }) => [actorKind, actorId, detail?.["via"]]),
  ).toEqual([
    ["user", "u1", "link"],
    ["user", "u1", "device"],
    ["user", "u1", undefined],
    ["service", "service", "link"],
  ]);
  expect(recorded[1]?.detail).toMatchObject({
    command: "snooze",
    until: "1970-01-01T01:00:00.000Z",
  });
  expect(recorded[3]?.detail).toMatchObject({ webhookId: "w-1" });
  expect(JSON.stringify(recorded)).not.toContain("Second Operator");
});

test("sending a dead delivery again is recorded once, with whose incident it is about", async () => {
  const stores = await openTestStores();
  await stores.incidents.commit([change(incident("i1"))]);
  const dead = { incidentId: "i1", state: "DEAD", nextAttemptAt: null } as const;
  await stores.outbox.add(notification("n1", dead));
  expect(await stores.outbox.replay("n1", BY, 5_000)).toBe(true);
  expect(await stores.outbox.replay("n1", BY, 5_001)).toBe(false);
  expect(await facts(stores)).toMatchObject([
    {
      at: 5_000,
      actorId: "u1",
      action: "delivery-replayed",
      subjectId: "n1",
      teamId: "ledger",
      detail: { incidentId: "i1", channel: "webpush" },
    },
  ]);
});

test("who is paged is recorded with the list, and a list that is refused leaves nothing", async () => {
  const stores = await openTestStores();
  const one = await stores.identity.addUser("Operator 1", "on-call", ["Ledger"], 1);
  await stores.receivers.setOncall("ledger", [one.userId], BY, 7);
  await expect(stores.receivers.setOncall("ledger", ["nobody"], BY, 8)).rejects.toMatchObject({
    code: "unknown_user",
  });
  expect(await facts(stores)).toMatchObject([
    { action: "oncall-set", subjectId: "ledger", teamId: "ledger", detail: { users: one.userId } },
  ]);
});

test("consent to be woken is recorded with the words' version, given, handed over and withdrawn", async () => {
  const stores = await openTestStores();
  const one = await stores.identity.addUser("Operator 1", "on-call", ["Ledger"], 1);
  const two = await stores.identity.addUser("Operator 2", "on-call", ["Ledger"], 2);
  const browser = {
    endpoint: "https://push.example/1",
    p256dh: "k",
    auth: "a",
    label: "Chrome",
    isPrivate: true,
    consentWords: "2026-11",
  } as const;
  const kept = await stores.receivers.subscribe({ ...browser, userId: one.userId, createdAt: 10 });
  expect(kept).toMatchObject({ consentAt: 10, consentWords: "2026-11" });
  await stores.receivers.subscribe({ ...browser, userId: two.userId, createdAt: 20 });
  await stores.receivers.unsubscribe(two.userId, browser.endpoint, 30);
  await stores.receivers.unsubscribe(two.userId, browser.endpoint, 40);
  const recorded = await facts(stores);
  expect(recorded.map(({ at, actorId, action, detail }) => [at, actorId, action, detail])).toEqual([
    [10, one.userId, "push-consent", { words: "2026-11", private: true }],
    [20, one.userId, "push-consent-withdrawn", { why: "another-person" }],
    [20, two.userId, "push-consent", { words: "2026-11", private: true }],
    [30, two.userId, "push-consent-withdrawn", { why: "asked" }],
  ]);
  expect(JSON.stringify(recorded)).not.toContain("push.example");
});
