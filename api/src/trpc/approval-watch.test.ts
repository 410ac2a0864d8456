import type { ChangeRequest, Notification } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { ApprovalWatch } from "./approval-watch.ts";

const STANDING = { requestId: "r1", mode: "break-glass" } as ChangeRequest;
const NOTICE = { notificationId: "n1" } as Notification;

/** A watch over a store that fails when it is told to. */
function watched() {
  const state = { fails: false, outboxFails: false, standing: [STANDING], ended: 0 };
  const seen = { added: 0, changed: 0, errors: [] as string[] };
  const orFail = async <T>(fails: boolean, value: T): Promise<T> => {
    if (fails) throw new Error("away");
    return value;
  };
  const watch = new ApprovalWatch({
    approvals: {
      sweep: () =>
        orFail(
          state.fails,
          Array.from({ length: state.ended }, () => STANDING),
        ),
      counts: () =>
        orFail(state.fails, { waiting: 0, breakGlass: state.standing.length, revertsAt: 7 }),
      underBreakGlass: () => orFail(state.fails, state.standing),
    },
    outbox: {
      add: async () => {
        await orFail(state.outboxFails, null);
        seen.added += 1;
      },
    },
    noticesOf: () => [NOTICE],
    changed: async () => {
      seen.changed += 1;
    },
    now: () => 0,
    onError: (_error, what) => seen.errors.push(what),
  });
  return { watch, state, seen };
}

test("what stands is told of by a process that finds it, once [I4]", async () => {
  const { watch, seen } = watched();
  await watch.look();
  await watch.look();
  expect(seen).toEqual({ added: 1, changed: 0, errors: [] });
  expect(watch.counts).toEqual({ waiting: 0, breakGlass: 1, revertsAt: 7 });
});

test("while the outbox does not answer it is tried again, and said", async () => {
  const { watch, state, seen } = watched();
  state.outboxFails = true;
  await watch.look();
  expect(seen.errors).toHaveLength(1);
  state.outboxFails = false;
  await watch.look();
  expect(seen.added).toBe(1);
});

test("while the store is away the last counts stay; what ended is noticed at once", async () => {
  const { watch, state, seen } = watched();
  await watch.look();
  state.fails = true;
  await watch.look();
  expect(watch.counts.breakGlass).toBe(1);
  expect(seen.errors).toHaveLength(1);
  Object.assign(state, { fails: false, standing: [], ended: 2 });
  await watch.look();
  expect(seen.changed).toBe(1);
  expect(watch.counts.breakGlass).toBe(0);
});

test("what was applied in set-up mode is announced to nobody", async () => {
  const { watch, state, seen } = watched();
  state.standing = [];
  watch.announce({ ...STANDING, mode: "set-up" });
  await watch.look();
  expect(seen.added).toBe(0);
  watch.announce({ ...STANDING, mode: "two-people" });
  await watch.look();
  expect(seen.added).toBe(1);
});
