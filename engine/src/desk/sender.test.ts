import { describe, expect, it } from "vitest";
import { MINUTE, SECOND, T0 } from "../incidents/test-incidents.ts";
import { LIMITS } from "../model/limits.ts";
import { nextAttemptAt } from "./retry-schedule.ts";
import { crash, FAILED, SENT, SenderWorld, settle } from "./test-sender.ts";

describe("what is promised is sent", () => {
  it("[SEND-1] a fresh one at once, marked after it went out", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    sender.send([world.fresh("n", "phone")]);
    expect(sender.underWay).toBe(1);
    await world.pass(5, sender);
    await sender.idle();
    expect(world.row("n")).toMatchObject({ state: "SENT", attempts: 1, sentAt: T0 + 5 });
    await world.pass(5 * MINUTE, sender);
    expect(world.arrived.length).toBe(1);
  });

  it("[SEND-1] given twice it is sent once", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    const notification = world.fresh("n", "phone");
    sender.send([notification, notification]);
    sender.send([notification]);
    await world.pass(100, sender);
    expect(world.arrived.length).toBe(1);
  });

  it("[SEND-2] after a crash at any point it goes out again with the same id, when its lease is over", async () => {
    for (const point of ["beforeSend", "afterSend", "beforeMark"] as const) {
      const world = new SenderWorld();
      const dies = world.sender("desk", { [point]: crash });
      dies.send([world.fresh("n", "phone")]);
      await world.pass(100);
      const sent = point === "beforeSend" ? 0 : 1;
      expect(world.arrived.length).toBe(sent);
      const next = world.sender("next");
      await world.pass(LIMITS.sendLeaseMs - SECOND, next);
      expect(world.arrived.length).toBe(sent);
      await world.pass(LIMITS.sweepMs + SECOND, next);
      expect(world.arrived.map(({ id }) => id)).toEqual(Array(sent + 1).fill("n"));
      expect(world.row("n").state).toBe("SENT");
    }
  });

  it("[SEND-2] two senders on one outbox send each once", async () => {
    const world = new SenderWorld();
    const senders = [world.sender("one"), world.sender("two")];
    for (let index = 0; index < 50; index++) {
      world.fresh(`n${index}`, `phone-${index}`, { leaseOwner: null, leaseUntil: null });
    }
    await world.pass(10 * SECOND, ...senders);
    expect(world.arrived.length).toBe(50);
    expect(new Set(world.arrived.map(({ id }) => id)).size).toBe(50);
  });

  it("[SEND-2] what was marked by another owner meanwhile stays as it is", async () => {
    const world = new SenderWorld();
    world.receives = () => ({ afterMs: 90 * SECOND, outcome: FAILED });
    const slow = world.sender();
    slow.send([world.fresh("n", "phone")]);
    await world.pass(61 * SECOND);
    world.receives = () => ({ afterMs: 5, outcome: SENT });
    const other = world.sender("other");
    await world.pass(10 * SECOND, other);
    expect(world.row("n").state).toBe("SENT");
    await world.pass(60 * SECOND, slow, other);
    expect(world.row("n")).toMatchObject({ state: "SENT", lastError: null });
  });
});

describe("what fails is tried again", () => {
  it("[SEND-3] within 0, 1, 2, 5, 10, 30 s, 1, 5 min, with full jitter", () => {
    const row = { createdAt: T0, channel: "webpush" as const };
    const waits = (random: number) =>
      [0, 1, 2, 3, 4, 5, 6, 7, 20].map(
        (attempts) => (nextAttemptAt({ ...row, attempts }, T0, null, () => random) ?? 0) - T0,
      );
    expect(waits(0)).toEqual(Array(9).fill(0));
    expect(waits(1).map((ms) => ms / SECOND)).toEqual([1, 2, 5, 10, 30, 60, 300, 300, 300]);
  });

  it("[SEND-3] not before the receiver said, and not beyond its age", () => {
    const push = { createdAt: T0, channel: "webpush" as const, attempts: 0 };
    expect(nextAttemptAt(push, T0, 45 * SECOND, () => 1)).toBe(T0 + 45 * SECOND);
    expect(nextAttemptAt(push, T0 + LIMITS.pushAgeMs, 1, () => 0)).toBeNull();
    const webhook = { ...push, channel: "webhook" as const };
    expect(nextAttemptAt(webhook, T0 + LIMITS.pushAgeMs, 1, () => 0)).not.toBeNull();
    expect(nextAttemptAt(webhook, T0, LIMITS.webhookAgeMs + 1, () => 0)).toBeNull();
  });

  it("[SEND-3] until it works", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = (_, now) => ({ afterMs: 5, outcome: now < T0 + 20 * SECOND ? FAILED : SENT });
    sender.send([world.fresh("n", "phone")]);
    await world.pass(2 * MINUTE, sender);
    expect(world.row("n").state).toBe("SENT");
    expect(world.arrived.length).toBe(1);
    expect(world.outcomes.length).toBeGreaterThan(3);
    expect(world.outcomes.length).toBeLessThan(12);
  });

  it("[SEND-3] or until it is given up, visibly, to be sent again by hand", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: 5, outcome: FAILED });
    sender.send([world.fresh("n", "phone")]);
    await world.pass(LIMITS.pushAgeMs + 6 * MINUTE, sender);
    expect(world.row("n")).toMatchObject({ state: "DEAD", lastError: "503" });
    const asked = world.now;
    world.receives = (_, now) => ({
      afterMs: 5,
      outcome: now < asked + 30 * SECOND ? FAILED : SENT,
    });
    await world.stores.outbox.replay("n", { userId: "u1", name: "Duty Operator" }, world.now);
    await sender.sweep();
    await world.pass(3 * MINUTE, sender);
    expect(world.row("n").state).toBe("SENT");
  });

  it("[SEND-4] what is gone or refused is given up at once, and said", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = ({ targetId }) => ({
      afterMs: 5,
      outcome: { type: targetId === "old" ? "gone" : "refused", error: "no" },
    });
    const page = { kind: "page", incidentId: "i" } as const;
    sender.send([world.fresh("g", "old", { kind: "update" }), world.fresh("r", "locked", page)]);
    await world.pass(10 * MINUTE, sender);
    expect(world.dead).toEqual(["i"]);
    expect(["g", "r"].map((id) => [world.row(id).state, world.row(id).attempts])).toEqual([
      ["DEAD", 1],
      ["DEAD", 1],
    ]);
    expect(world.outcomes).toEqual([
      { id: "g", type: "gone" },
      { id: "r", type: "refused" },
    ]);
  });

  it("[SEND-4] a notifier that throws has failed", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => {
      throw new Error("a fault");
    };
    sender.send([world.fresh("n", "phone")]);
    await world.pass(100, sender);
    expect(world.row("n")).toMatchObject({
      state: "PENDING",
      attempts: 1,
      lastError: "Error: a fault",
    });
  });
});

describe("nobody holds up anybody else", () => {
  const others = (world: SenderWorld) => world.arrived.filter(({ target }) => target !== "bad");

  it.each([
    ["hangs", () => "hangs" as const],
    ["is slow", () => ({ afterMs: 9 * SECOND, outcome: SENT })],
    ["fails", () => ({ afterMs: 5, outcome: FAILED })],
  ])("[SEND-5] a receiver that %s changes no other delivery", async (_, bad) => {
    const world = new SenderWorld();
    const sender = world.sender();
    const fine = { afterMs: 5, outcome: SENT };
    world.receives = ({ targetId }) => (targetId === "bad" ? bad() : fine);
    const many = Array.from({ length: 300 }, (__, index) => world.fresh(`bad-${index}`, "bad"));
    sender.send(many);
    for (let second = 0; second < 30; second++) {
      sender.send([world.fresh(`good-${second}`, `phone-${second}`)]);
      await world.pass(SECOND, sender);
    }
    const delays = others(world).map(({ at }, index) => at - (T0 + index * SECOND));
    expect(delays).toEqual(Array(30).fill(5));
  });

  it("[SEND-5] so many are under way at once, in all and to one host", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: SECOND, outcome: SENT });
    sender.send(
      Array.from({ length: 100 }, (_, index) => world.fresh(`n${index}`, `host/${index}`)),
    );
    expect(sender.underWay).toBe(LIMITS.sendsPerHost);
    sender.send(Array.from({ length: 100 }, (_, index) => world.fresh(`m${index}`, `h${index}/1`)));
    expect(sender.underWay).toBe(LIMITS.sendsAtOnce);
    await world.pass(20 * SECOND, sender);
    expect(world.mostUnderWay).toBe(LIMITS.sendsAtOnce);
    expect(world.arrived.length).toBe(200);
  });

  it("[SEND-5] a receiver that fails again and again is left alone, then tried once", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    let attempts = 0;
    world.receives = () => {
      attempts += 1;
      return { afterMs: 5, outcome: FAILED };
    };
    sender.send(Array.from({ length: 40 }, (_, index) => world.fresh(`n${index}`, "bad")));
    await world.pass(SECOND, sender);
    // Those that were under way when it became known.
    expect(attempts).toBeLessThanOrEqual(LIMITS.sendsPerHost + LIMITS.breakerFailures);
    const known = attempts;
    await world.pass(LIMITS.breakerMs, sender);
    expect(attempts).toBe(known + 1);
    world.receives = () => ({ afterMs: 5, outcome: SENT });
    await world.pass(4 * MINUTE, sender);
    expect(world.arrived.length).toBe(40);
  });

  it("[SEND-5] a clock that is set back by hours leaves nobody alone for hours", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: 5, outcome: FAILED });
    sender.send(Array.from({ length: 40 }, (_, index) => world.fresh(`n${index}`, "bad")));
    await world.pass(SECOND, sender);
    world.now -= 180 * MINUTE;
    world.receives = () => ({ afterMs: 5, outcome: SENT });
    sender.send([world.fresh("new", "bad")]);
    world.fresh("another's", "phone", { leaseOwner: null, leaseUntil: null });
    await world.pass(LIMITS.sweepMs, sender);
    expect(world.row("new").state).toBe("SENT");
    expect(world.row("another's").state).toBe("SENT");
  });

  it("[SEND-6] a page goes before what only informs", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    const rest = Array.from({ length: 20 }, (_, index) =>
      world.fresh(`u${index}`, "host/1", { kind: "recovered" }),
    );
    sender.send([...rest, world.fresh("page", "host/2")]);
    await world.pass(10, sender);
    const before = world.arrived.findIndex(({ id }) => id === "page");
    expect(before).toBeLessThanOrEqual(LIMITS.sendsPerHost);
  });

  it("[SEND-6] a cancelled page that has not begun is not sent; others of its incident are", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: SECOND, outcome: SENT });
    const pages = Array.from({ length: LIMITS.sendsPerHost + 5 }, (_, index) =>
      world.fresh(`p${index}`, "host/1"),
    );
    const informs = world.fresh("r", "host/1", { kind: "recovered" });
    const other = world.fresh("o", "host/1", { incidentId: "another" });
    sender.send([...pages, informs, other]);
    const cancelled = { incidentId: "incident", userId: null };
    world.stores.outboxRows.cancel(cancelled);
    sender.cancel([cancelled]);
    await world.pass(2 * MINUTE, sender);
    expect(world.arrived.map(({ id }) => id).toSorted()).toEqual(
      [
        ...pages.slice(0, LIMITS.sendsPerHost).map(({ notificationId }) => notificationId),
        "o",
        "r",
      ].toSorted(),
    );
    // What was under way when it was cancelled did go out, and says so.
    expect(world.row("p0").state).toBe("SENT");
    expect(world.row(`p${LIMITS.sendsPerHost}`).state).toBe("CANCELLED");
  });

  it("[SEND-6] so is a reminder, and one person's messages alone where a command is theirs", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: SECOND, outcome: SENT });
    const first = Array.from({ length: LIMITS.sendsPerHost }, (_, index) =>
      world.fresh(`first${index}`, "host/1"),
    );
    const ofAnn = { userId: "ann" };
    const waiting = [
      world.fresh("page", "host/1", ofAnn),
      world.fresh("reminder", "host/1", { ...ofAnn, kind: "reminder" }),
      world.fresh("end", "host/1", { ...ofAnn, kind: "recovered" }),
      world.fresh("ben", "host/1", { userId: "ben" }),
    ];
    sender.send([...first, ...waiting]);
    const cancelled = { incidentId: "incident", ...ofAnn };
    world.stores.outboxRows.cancel(cancelled);
    sender.cancel([cancelled]);
    await world.pass(2 * MINUTE, sender);
    const arrived = world.arrived.map(({ id }) => id).filter((id) => !id.startsWith("first"));
    expect(arrived.toSorted()).toEqual(["ben", "end"]);
    expect(sender.waiting).toBe(0);
  });
});

describe("the outbox", () => {
  it("[SEND-7] is told of many outcomes at once", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    sender.send(Array.from({ length: 64 }, (_, index) => world.fresh(`n${index}`, `h${index}`)));
    await world.pass(5, sender);
    await sender.idle();
    expect(world.stores.calls.get("outbox.mark")).toBe(1);
  });

  it("[SEND-7] is told later when it is away, and nothing is sent twice for it", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.stores.fault = (call) => (call === "outbox.mark" ? "before" : null);
    sender.send([world.fresh("n", "phone")]);
    await world.pass(LIMITS.sendLeaseMs + 10 * SECOND, sender);
    expect([world.row("n").state, world.arrived.length]).toEqual(["PENDING", 1]);
    world.stores.fault = () => null;
    await world.pass(LIMITS.sweepMs + SECOND, sender);
    expect([world.row("n").state, world.arrived.length]).toEqual(["SENT", 1]);
  });

  it("[SEND-7] an answer that was lost changes nothing", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.stores.fault = (call) => (call === "outbox.mark" ? "after" : null);
    sender.send([world.fresh("n", "phone")]);
    await world.pass(SECOND, sender);
    world.stores.fault = () => null;
    await world.pass(2 * MINUTE, sender);
    expect([world.row("n").attempts, world.arrived.length]).toEqual([1, 1]);
  });

  it("[SEND-8] holds what the sender has no room for", async () => {
    const world = new SenderWorld();
    const sender = world.sender();
    world.receives = () => ({ afterMs: 1, outcome: SENT });
    const many = LIMITS.sendsWaiting + 500;
    const all = Array.from({ length: many }, (_, index) =>
      world.fresh(`n${index}`, `h${index % 97}`),
    );
    sender.send(all);
    expect(sender.waiting + sender.underWay).toBe(LIMITS.sendsWaiting);
    for (let round = 0; round < 400 && sender.waiting > 0; round++) await world.pass(1, sender);
    await world.pass(LIMITS.sendLeaseMs + LIMITS.sweepMs + SECOND, sender);
    await settle();
    expect(new Set(world.arrived.map(({ id }) => id)).size).toBe(many);
    expect(world.arrived.length).toBe(many);
  });
});
