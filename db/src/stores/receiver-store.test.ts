import { join } from "node:path";
import { LIMITS, type Stores, type Webhook } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { notification } from "./test-incidents.ts";
import { BY, openTestStores, tempDir } from "./test-store.ts";

const browser = {
  endpoint: "https://push.example/1",
  p256dh: "key",
  auth: "secret",
  label: "Chrome on Android",
  isPrivate: false,
  createdAt: 10,
  consentWords: "2026-11",
} as const;

function webhook(name: string, given: Partial<Webhook> = {}): Webhook {
  const url = "https://hook.example/in";
  return {
    webhookId: `w-${name}`,
    name,
    url,
    sealedSecret: "sealed",
    teamId: null,
    createdAt: 1,
    ...given,
  };
}

async function opened(): Promise<{
  readonly stores: Stores;
  readonly receivers: Stores["receivers"];
  readonly one: string;
  readonly two: string;
}> {
  const stores = await openTestStores();
  const one = await stores.identity.addUser("Operator 1", "on-call", ["Ledger"], 1);
  const two = await stores.identity.addUser("Operator 2", "on-call", ["Ledger"], 2);
  return { stores, receivers: stores.receivers, one: one.userId, two: two.userId };
}

test("a browser's zone is kept with it, and is the newest that it said", async () => {
  const { receivers, one } = await opened();
  await receivers.subscribe({ ...browser, userId: one, zone: "Europe/Berlin" });
  expect(await receivers.subscriptions()).toMatchObject([{ zone: "Europe/Berlin" }]);
  const moved = await receivers.subscribe({ ...browser, userId: one, zone: "Asia/Kolkata" });
  expect(moved.zone).toBe("Asia/Kolkata");
  expect(await receivers.subscriptions()).toMatchObject([{ zone: "Asia/Kolkata" }]);
});

test("the same browser again keeps its id and gets its new keys; trouble is over with it", async () => {
  const { receivers, one } = await opened();
  const first = await receivers.subscribe({ ...browser, userId: one });
  expect(first).toEqual({
    ...browser,
    userId: one,
    subscriptionId: expect.any(String),
    lastSentAt: null,
    lastShownAt: null,
    trouble: null,
    consentAt: 10,
    zone: null,
  });
  await receivers.trouble(first.subscriptionId, "403 from the push service");
  await receivers.sent(first.subscriptionId, 20);
  await receivers.shown(first.subscriptionId, 30);
  await receivers.shown(first.subscriptionId, 25);
  expect(await receivers.subscriptions()).toMatchObject([
    { trouble: "403 from the push service", lastSentAt: 20, lastShownAt: 30 },
  ]);
  const again = await receivers.subscribe({
    ...browser,
    userId: one,
    auth: "other",
    isPrivate: true,
  });
  expect(again).toEqual({
    ...first,
    auth: "other",
    isPrivate: true,
    lastSentAt: 20,
    lastShownAt: 30,
  });
  expect(await receivers.subscriptions()).toEqual([again]);
});

test("a browser with another owner is another subscription: nothing promised to the first reaches the second", async () => {
  const { receivers, one, two } = await opened();
  const before = await receivers.subscribe({ ...browser, userId: one });
  await receivers.shown(before.subscriptionId, 30);
  const now = await receivers.subscribe({ ...browser, userId: two });
  expect(now.subscriptionId).not.toBe(before.subscriptionId);
  expect(await receivers.subscriptions()).toEqual([now]);
  expect(now).toMatchObject({ userId: two, lastShownAt: null });
  expect(await receivers.unsubscribe(one, browser.endpoint, 20)).toBe(false);
  expect(await receivers.unsubscribe(two, browser.endpoint, 20)).toBe(true);
  expect(await receivers.subscriptions()).toEqual([]);
});

test("of a person's browsers the newest stay, and an unknown person has none", async () => {
  const { receivers, one, two } = await opened();
  const kept = await receivers.subscribe({
    ...browser,
    userId: two,
    endpoint: "https://push.example/x",
  });
  const count = LIMITS.subscriptionsPerUser + 2;
  for (let n = 0; n < count; n += 1) {
    const endpoint = `https://push.example/${n}`;
    await receivers.subscribe({ ...browser, userId: one, endpoint, createdAt: 100 - n });
  }
  const endpoints = (await receivers.subscriptions()).map((row) => row.endpoint);
  // The newest is the one that came last, even where a clock went back.
  expect(endpoints).toContain(`https://push.example/${count - 1}`);
  expect(endpoints).toContain(kept.endpoint);
  expect(endpoints).toHaveLength(LIMITS.subscriptionsPerUser + 1);
  await receivers.remove(kept.subscriptionId, 20);
  expect(await receivers.subscriptions()).toHaveLength(LIMITS.subscriptionsPerUser);
  await expect(receivers.subscribe({ ...browser, userId: "nobody" })).rejects.toMatchObject({
    code: "unknown_user",
  });
});

test("everybody removes their own by id, and what goes by itself is recorded as well", async () => {
  const { stores, receivers, one, two } = await opened();
  const subscribe = (n: number) =>
    receivers.subscribe({
      ...browser,
      userId: one,
      endpoint: `https://push.example/${n}`,
      createdAt: n,
    });
  const first = await subscribe(0);
  for (let n = 1; n <= LIMITS.subscriptionsPerUser; n += 1) await subscribe(n);
  const [own, gone] = await receivers.subscriptions();
  expect(await receivers.unsubscribeById(two, own?.subscriptionId ?? "", 50)).toBe(false);
  expect(await receivers.unsubscribeById(one, own?.subscriptionId ?? "", 51)).toBe(true);
  expect(await receivers.unsubscribeById(one, own?.subscriptionId ?? "", 52)).toBe(false);
  await receivers.remove(gone?.subscriptionId ?? "", 53);
  expect(await receivers.subscriptions()).toHaveLength(LIMITS.subscriptionsPerUser - 2);
  const withdrawn = (await stores.audit.from(1)).filter(
    ({ action }) => action === "push-consent-withdrawn",
  );
  expect(
    withdrawn.map(({ at, actorId, subjectId, detail }) => [at, actorId, subjectId, detail]),
  ).toEqual([
    [
      LIMITS.subscriptionsPerUser,
      "service",
      first.subscriptionId,
      { why: "too-many", userId: one },
    ],
    [51, one, own?.subscriptionId, { why: "asked" }],
    [53, "service", gone?.subscriptionId, { why: "gone", userId: one }],
  ]);
});

test("a receipt that something was shown stamps the browser, once", async () => {
  const { stores, receivers, one } = await opened();
  const { subscriptionId: targetId } = await receivers.subscribe({ ...browser, userId: one });
  await stores.outbox.add(notification("p1", { targetId, userId: one }));
  await stores.outbox.receipt("p1", "nobody", "shown", 40);
  expect(await receivers.subscriptions()).toMatchObject([{ lastShownAt: null }]);
  await stores.outbox.receipt("p1", one, "shown", 50);
  await stores.outbox.receipt("p1", one, "seen", 60);
  expect(await receivers.subscriptions()).toMatchObject([{ lastShownAt: 50 }]);
});

test("webhooks have one name each, a team that exists, and a bound", async () => {
  const { receivers } = await opened();
  await receivers.addWebhook(webhook("ops"));
  await receivers.addWebhook(webhook("ledger", { teamId: "ledger" }));
  expect(await receivers.webhooks()).toEqual([
    webhook("ledger", { teamId: "ledger" }),
    webhook("ops"),
  ]);
  const refused: readonly [Webhook, string][] = [
    [webhook(" ops ", { webhookId: "w9" }), "name_taken"],
    [webhook(" "), "invalid_name"],
    [webhook("x", { teamId: "nobody" }), "unknown_team"],
  ];
  for (const [one, code] of refused) {
    await expect(receivers.addWebhook(one)).rejects.toMatchObject({ code });
  }
  for (let n = 2; n < LIMITS.webhooks; n += 1) await receivers.addWebhook(webhook(`h${n}`));
  await expect(receivers.addWebhook(webhook("more"))).rejects.toMatchObject({ code: "too_many" });
  expect(await receivers.webhooks()).toHaveLength(LIMITS.webhooks);
  expect(await receivers.removeWebhook("ops")).toBe(true);
  expect(await receivers.removeWebhook("ops")).toBe(false);
});

test("a team's list is kept in its order, each person once; what is unknown is refused and changes nothing", async () => {
  const { receivers, one, two } = await opened();
  await receivers.setOncall("ledger", [two, one, two], BY, 5);
  const list = [{ teamId: "ledger", userIds: [two, one] }];
  expect(await receivers.oncall()).toEqual(list);
  const refused: readonly [string, readonly string[], string][] = [
    ["nowhere", [one], "not_found"],
    ["ledger", [one, "nobody"], "unknown_user"],
    ["ledger", Array.from({ length: LIMITS.oncallPeople + 1 }, (_, n) => `u${n}`), "too_many"],
  ];
  for (const [teamId, userIds, code] of refused) {
    await expect(receivers.setOncall(teamId, userIds, BY, 6)).rejects.toMatchObject({ code });
  }
  expect(await receivers.oncall()).toEqual(list);
  await receivers.setOncall("ledger", [], BY, 7);
  expect(await receivers.oncall()).toEqual([]);
});

test("a secret is made once: whoever asks later, in whichever process, gets the first one", async () => {
  const path = join(await tempDir(), "store.db");
  const [a, b] = [await openTestStores(path), await openTestStores(path)];
  expect(await a.receivers.secret("vapid", "A")).toBe("A");
  expect(await b.receivers.secret("vapid", "B")).toBe("A");
  expect(await b.receivers.secret("another", "C")).toBe("C");
});

test("a source pages or only watches, as it was set last", async () => {
  const { stores, receivers } = await opened();
  const source = await stores.sources.add(
    {
      name: "Core banking",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      pagingMode: "WATCHING",
      teamName: null,
      keyHash: "k",
    },
    1,
  );
  await receivers.setPaging(source.sourceId, "PAGING");
  expect(await stores.sources.all()).toMatchObject([{ pagingMode: "PAGING" }]);
  await expect(receivers.setPaging("nobody", "PAGING")).rejects.toMatchObject({
    code: "not_found",
  });
});

test("every change of receivers moves the identity version; what changes nothing does not", async () => {
  const { stores, receivers, one } = await opened();
  const moved = async (work: () => Promise<unknown>): Promise<boolean> => {
    const before = await stores.identity.version();
    await work();
    return (await stores.identity.version()) > before;
  };
  const { subscriptionId: id } = await receivers.subscribe({ ...browser, userId: one });
  await stores.outbox.add(notification("p1", { targetId: id, userId: one }));
  const source = await stores.sources.add(
    {
      name: "S",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      pagingMode: "WATCHING",
      teamName: null,
      keyHash: "k",
    },
    1,
  );
  const once: readonly (() => Promise<unknown>)[] = [
    () => receivers.sent(id, 5),
    () => receivers.shown(id, 5),
    () => stores.outbox.receipt("p1", one, "shown", 9),
    () => receivers.trouble(id, "refused"),
    () => receivers.trouble(id, null),
    () => receivers.setPaging(source.sourceId, "PAGING"),
    () => receivers.secret("vapid", "A"),
  ];
  for (const change of once) {
    expect(await moved(change)).toBe(true);
    expect(await moved(change)).toBe(false);
  }
  expect(await moved(() => receivers.addWebhook(webhook("ops")))).toBe(true);
  expect(await moved(() => receivers.removeWebhook("ops"))).toBe(true);
  expect(await moved(() => receivers.removeWebhook("ops"))).toBe(false);
  expect(await moved(() => receivers.setOncall("ledger", [one], BY, 1))).toBe(true);
  expect(await moved(() => receivers.unsubscribe(one, browser.endpoint, 20))).toBe(true);
  expect(await moved(() => receivers.remove(id, 20))).toBe(false);
});
