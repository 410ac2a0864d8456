import { LIMITS, type Notification } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { BY } from "./test-store.ts";
import { after, change, incident, notification, type IncidentStores } from "./test-incidents.ts";

/** Every outbox keeps to this. */
export function outboxConformance(name: string, open: () => Promise<IncidentStores>): void {
  describe(`the outbox in ${name}`, () => {
    test("a row reads back as it was promised, and promised again it is the same message", async () => {
      const { outbox } = await open();
      const test1 = notification("p1", { incidentId: null, kind: "test", userId: null });
      await outbox.add(test1);
      await outbox.add({ ...test1, receiver: "another" });
      expect((await outbox.list({}, 9, null)).items).toEqual([test1]);
    });

    test("what is due is leased, oldest first, and nobody else gets it until the lease is over", async () => {
      const { outbox } = await open();
      for (const [id, createdAt, nextAttemptAt] of [
        ["p1", 30, 30],
        ["p2", 10, 10],
        ["p3", 20, 90],
      ] as const) {
        await outbox.add(notification(id, { createdAt, nextAttemptAt }));
      }
      expect(ids(await outbox.lease("a", 50, 100, 1))).toEqual(["p2"]);
      const leased = await outbox.lease("b", 50, 200, 9);
      expect(leased).toEqual([
        notification("p1", { createdAt: 30, nextAttemptAt: 30, leaseOwner: "b", leaseUntil: 200 }),
      ]);
      expect(await outbox.nextDueAt()).toBe(90);
      expect(ids(await outbox.lease("a", 99, 300, 9))).toEqual(["p3"]);
      expect(await outbox.nextDueAt()).toBe(100);
      expect(ids(await outbox.lease("b", 100, 300, 9))).toEqual(["p2"]);
      expect(ids(await outbox.lease("b", 199, 300, 9))).toEqual([]);
      expect(ids(await outbox.lease("a", 200, 300, 9))).toEqual(["p1"]);
    });

    test("whoever takes over ends the leases of all others, and no attempt comes before its time", async () => {
      const { outbox } = await open();
      for (const [id, nextAttemptAt] of [
        ["p1", 10],
        ["p2", 10],
        ["p3", 10],
        ["p4", 90],
      ] as const) {
        await outbox.add(notification(id, { createdAt: 10, nextAttemptAt }));
      }
      await outbox.lease("dead", 10, 1_000, 1);
      await outbox.lease("here", 10, 1_000, 1);
      await outbox.lease("dead", 10, 1_000, 1);
      await outbox.mark("dead", [{ notificationId: "p3", type: "sent", at: 20 }]);
      await outbox.takeOver("here");
      expect(await outbox.nextDueAt()).toBe(10);
      expect(ids(await outbox.lease("here", 50, 1_000, 9))).toEqual(["p1"]);
      // What the one before it says now counts no more.
      await outbox.mark("dead", [{ notificationId: "p1", type: "sent", at: 60 }]);
      const pending = (await outbox.list({ states: ["PENDING"] }, 9, null)).items;
      expect(ids(pending).sort()).toEqual(["p1", "p2", "p4"]);
    });

    test.each([1, 5, 20, 30])(
      "what a clock that was %i min ahead had leased or put off is due, not when the clock comes there again",
      async (minutes) => {
        const { outbox } = await open();
        const MINUTE = 60_000;
        const now = 1_000 * MINUTE;
        const ahead = now + minutes * MINUTE;
        const lease = (at: number) => outbox.lease("b", at, at + MINUTE, 9);
        await outbox.add(notification("p1", { createdAt: ahead, nextAttemptAt: ahead }));
        await outbox.lease("a", ahead, ahead + MINUTE, 9);
        // Clocks of two processes may differ a little: what the other has just taken is its own.
        if (minutes === 1) expect(ids(await lease(now))).toEqual([]);
        expect(ids(await lease(minutes === 1 ? now + 2 * MINUTE : now))).toEqual(["p1"]);
        const failed = { type: "failed", error: "503" } as const;
        const nextAttemptAt = now + (60 + minutes) * MINUTE;
        await outbox.mark("b", [{ notificationId: "p1", ...failed, nextAttemptAt }]);
        expect(ids(await lease(now + (minutes - 1) * MINUTE))).toEqual([]);
        expect(ids(await lease(now + (minutes - 1) * MINUTE - 1))).toEqual(["p1"]);
      },
    );

    test("two owners at once never get the same row", async () => {
      const { outbox } = await open();
      const all = Array.from({ length: 20 }, (_, n) => `p${String(n).padStart(2, "0")}`);
      for (const id of all) await outbox.add(notification(id));
      const taken = await Promise.all(
        ["a", "b", "a", "b", "a"].map((owner) => outbox.lease(owner, 2_000, 3_000, 5)),
      );
      expect(taken.flatMap(ids).sort()).toEqual(all);
    });

    test("only the one who leases it marks it; sent or given up, nobody leases it again", async () => {
      const { outbox } = await open();
      for (const id of ["p1", "p2", "p3"])
        await outbox.add(notification(id, { createdAt: 10, nextAttemptAt: 10 }));
      await outbox.lease("a", 10, 100, 2);
      await outbox.lease("b", 10, 100, 9);
      await outbox.mark("a", [
        { notificationId: "p1", type: "sent", at: 20 },
        { notificationId: "p2", type: "failed", error: "503", nextAttemptAt: 60 },
        { notificationId: "p3", type: "sent", at: 20 },
      ]);
      const one = async (id: string) =>
        (await outbox.list({}, 9, null)).items.find((row) => row.notificationId === id);
      const free = { leaseOwner: null, leaseUntil: null, attempts: 1 };
      expect(await one("p1")).toMatchObject({
        ...free,
        state: "SENT",
        sentAt: 20,
        nextAttemptAt: null,
      });
      expect(await one("p2")).toMatchObject({
        ...free,
        state: "PENDING",
        lastError: "503",
        nextAttemptAt: 60,
        sentAt: null,
      });
      expect(await one("p3")).toMatchObject({ state: "PENDING", leaseOwner: "b", attempts: 0 });
      expect(await outbox.nextDueAt()).toBe(60);
      await outbox.lease("a", 60, 200, 9);
      await outbox.mark("a", [
        { notificationId: "p2", type: "failed", error: "410", nextAttemptAt: null },
      ]);
      expect(await one("p2")).toMatchObject({
        ...free,
        state: "DEAD",
        attempts: 2,
        lastError: "410",
      });
      await outbox.mark("b", [{ notificationId: "p3", type: "sent", at: 70 }]);
      expect(await outbox.nextDueAt()).toBeNull();
      expect(await outbox.lease("a", 9_999, 10_000, 9)).toEqual([]);
      expect(await outbox.counts()).toMatchObject({ pending: 0, oldestPendingAt: null, dead: 1 });
    });

    test("what goes out while it is cancelled was sent; what fails then stays cancelled", async () => {
      const { incidents, outbox } = await open();
      const under = { leaseOwner: "a", leaseUntil: 100 };
      const notifications = ["p1", "p2"].map((id) => notification(id, under));
      await incidents.commit([change(incident("n1"), { notifications })]);
      await incidents.commit([
        change(incident("n1", { version: 2 }), { cancels: { userId: null } }),
      ]);
      await outbox.mark("a", [
        { notificationId: "p1", type: "sent", at: 20 },
        { notificationId: "p2", type: "failed", error: "503", nextAttemptAt: 60 },
      ]);
      const rows = (await outbox.ofIncident("n1")).toSorted(byId);
      expect(rows).toMatchObject([
        { state: "SENT", sentAt: 20 },
        { state: "CANCELLED", sentAt: null, nextAttemptAt: null },
      ]);
      expect(await outbox.nextDueAt()).toBeNull();
      expect(await outbox.counts()).toMatchObject({ pending: 0, oldestPendingAt: null, dead: 0 });
    });

    test("one person's pending pages and reminders are cancelled alone", async () => {
      const { incidents, outbox } = await open();
      const first = incident("n1");
      await incidents.commit([
        change(first, {
          notifications: [
            notification("p1", { userId: "u1" }),
            notification("p2", { userId: "u1", kind: "reminder" }),
            notification("p3", { userId: "u1", kind: "recovered" }),
            notification("p4", { userId: "u2" }),
          ],
        }),
      ]);
      await incidents.commit([change(after(first), { cancels: { userId: "u1" } })]);
      const states = (await outbox.ofIncident("n1")).map(
        (row) => `${row.notificationId} ${row.state}`,
      );
      expect(states.sort()).toEqual(["p1 CANCELLED", "p2 CANCELLED", "p3 PENDING", "p4 PENDING"]);
    });

    test("all persons' are cancelled, what waits for a webhook is not", async () => {
      const { incidents, outbox } = await open();
      const first = incident("n1");
      const webhook = { channel: "webhook", userId: null } as const;
      const notifications = [notification("p1"), notification("p2", webhook)];
      await incidents.commit([change(first, { notifications })]);
      const cancels = { userId: null, sparesWebhooks: true } as const;
      await incidents.commit([change(after(first), { cancels })]);
      const rows = (await outbox.ofIncident("n1")).toSorted(byId);
      expect(rows.map(({ state }) => state)).toEqual(["CANCELLED", "PENDING"]);
    });

    test("an incident shows its newest messages, and knows of all whom they were promised to", async () => {
      const { incidents, outbox } = await open();
      const most = LIMITS.incidentDeliveries;
      const many = Array.from({ length: most }, (_, n) =>
        notification(`p${n}`, { targetId: "d2", createdAt: 2_000 + n }),
      );
      const oldest = notification("oldest", { targetId: "d1", createdAt: 1_000 });
      const under = { leaseOwner: "a", leaseUntil: 100 };
      const other = notification("other", { incidentId: "n2", kind: "update", ...under });
      await incidents.commit([
        change(incident("n1"), { notifications: [oldest, ...many] }),
        change(incident("n2"), { notifications: [other] }),
      ]);
      const shown = await outbox.ofIncident("n1");
      expect(ids(shown)).toEqual(ids(many));
      const promised = await outbox.promised(["n1", "n2"]);
      const told = promised.map(({ incidentId, targetId, kind, state, leaseUntil }) =>
        [incidentId, targetId, kind, state, leaseUntil].join(" "),
      );
      expect(new Set(told)).toEqual(
        new Set([
          "n1 d1 page PENDING ",
          "n1 d2 page PENDING ",
          `n2 ${other.targetId} update PENDING 100`,
        ]),
      );
      expect(await outbox.get("oldest")).toEqual(oldest);
      expect(await outbox.get("nobody")).toBeNull();
    });

    test("what was given up counts while its incident is open and nothing else reached that person", async () => {
      const { incidents, outbox } = await open();
      const first = incident("n1");
      const notifications = [
        notification("p1", { userId: "u1", targetId: "d1", leaseOwner: "a" }),
        notification("p2", { userId: "u1", targetId: "d2", leaseOwner: "a" }),
        notification("p3", { userId: "u2", targetId: "d3", leaseOwner: "a" }),
        notification("p4", { userId: null, channel: "webhook", targetId: "w", leaseOwner: "a" }),
      ];
      await incidents.commit([change(first, { notifications })]);
      await outbox.add(notification("p5", { incidentId: null, leaseOwner: "a" }));
      const failed = { type: "failed", error: "410", nextAttemptAt: null } as const;
      await outbox.mark("a", [
        { notificationId: "p1", ...failed },
        { notificationId: "p2", type: "sent", at: 20 },
        ...["p3", "p4", "p5"].map((notificationId) => ({ notificationId, ...failed })),
      ]);
      expect(await outbox.counts()).toMatchObject({ dead: 4, unreached: 2 });
      await incidents.commit([
        change(after(first), {
          notifications: [
            notification("p6", {
              userId: "u2",
              targetId: "d4",
              leaseOwner: "a",
            }),
          ],
        }),
      ]);
      await outbox.mark("a", [{ notificationId: "p6", type: "sent", at: 30 }]);
      expect(await outbox.counts()).toMatchObject({ unreached: 1 });
      const over = incident("n1", { version: 3, state: "RESOLVED", resolution: "cleared" });
      await incidents.commit([change(over)]);
      expect(await outbox.counts()).toMatchObject({ dead: 4, unreached: 0 });
    });

    test("a dead one is pending again when it is sent by hand; nothing else is", async () => {
      const { outbox } = await open();
      await outbox.add(notification("p1"));
      expect(await outbox.replay("p1", BY, 50)).toBe(false);
      await outbox.lease("a", 2_000, 3_000, 9);
      await outbox.mark("a", [
        { notificationId: "p1", type: "failed", error: "gone", nextAttemptAt: null },
      ]);
      expect(await outbox.replay("p1", BY, 4_000)).toBe(true);
      expect(await outbox.replay("p1", BY, 4_000)).toBe(false);
      expect(await outbox.nextDueAt()).toBe(4_000);
      expect(await outbox.lease("b", 4_000, 5_000, 9)).toMatchObject([
        { notificationId: "p1", createdAt: 4_000, attempts: 0 },
      ]);
      expect(await outbox.replay("nobody", BY, 1)).toBe(false);
    });

    test("what is not so any more is not sent again; that it ended is", async () => {
      const { incidents, outbox } = await open();
      const notifications = [
        notification("p1"),
        notification("p2", { kind: "reminder" }),
        notification("p3", { kind: "recovered" }),
      ];
      const first = incident("n1");
      await incidents.commit([change(first, { notifications })]);
      await outbox.lease("a", 2_000, 3_000, 9);
      await outbox.mark(
        "a",
        notifications.map(({ notificationId }) => ({
          notificationId,
          type: "failed",
          error: "410",
          nextAttemptAt: null,
        })),
      );
      await incidents.commit([change(after(first, { state: "RESOLVED", resolution: "cleared" }))]);
      for (const id of ["p1", "p2"]) {
        await expect(outbox.replay(id, BY, 4_000)).rejects.toMatchObject({ code: "incident_over" });
      }
      expect(await outbox.replay("p3", BY, 4_000)).toBe(true);
      expect(await outbox.counts()).toMatchObject({ pending: 1, dead: 2 });
    });

    test("the first receipt of each kind counts, and only its receiver's", async () => {
      const { outbox } = await open();
      await outbox.add(notification("p1"));
      await outbox.add(notification("p2"));
      const receipts: readonly [string, string, "shown" | "seen", number][] = [
        ["p1", "u1", "shown", 10],
        ["p1", "u1", "shown", 20],
        ["p1", "u2", "seen", 30],
        ["p1", "u1", "seen", 40],
        ["p1", "u1", "seen", 50],
        ["p2", "u1", "seen", 60],
        ["nobody", "u1", "seen", 70],
      ];
      const told: boolean[] = [];
      for (const receipt of receipts) told.push(await outbox.receipt(...receipt));
      expect(told).toEqual([true, true, false, true, true, true, false]);
      expect((await outbox.list({}, 9, null)).items.toSorted(byId)).toMatchObject([
        { shownAt: 10, seenAt: 40 },
        { shownAt: 60, seenAt: 60 },
      ]);
    });

    test("pages hold every row once, newest first, also of several states", async () => {
      const { outbox } = await open();
      for (let n = 0; n < 9; n += 1) {
        await outbox.add(
          notification(`p${n}`, {
            createdAt: n,
            state: (["PENDING", "DEAD", "SENT"] as const)[n % 3] ?? "PENDING",
          }),
        );
      }
      const all = async (filter: Parameters<typeof outbox.list>[0]) => {
        const found: string[] = [];
        for (let cursor: string | null = null; ;) {
          const page: Awaited<ReturnType<typeof outbox.list>> = await outbox.list(
            filter,
            2,
            cursor,
          );
          found.push(...ids(page.items));
          cursor = page.nextCursor;
          if (cursor === null) return found;
        }
      };
      expect(await all({})).toEqual(["p8", "p7", "p6", "p5", "p4", "p3", "p2", "p1", "p0"]);
      expect(await all({ states: ["DEAD", "SENT"] })).toEqual(["p8", "p7", "p5", "p4", "p2", "p1"]);
      expect(await all({ states: ["CANCELLED"] })).toEqual([]);
      expect(await all({ states: [] })).toEqual([]);
      expect(await outbox.counts()).toMatchObject({ pending: 3, oldestPendingAt: 0, dead: 3 });
    });
  });
}

function ids(rows: readonly Notification[]): string[] {
  return rows.map((row) => row.notificationId);
}

function byId(a: Notification, b: Notification): number {
  return a.notificationId < b.notificationId ? -1 : 1;
}
