import type { AuditFact } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AuditRecorder } from "./audit-recorder.ts";

const fact = (at: number): AuditFact => ({
  at,
  actorKind: "user",
  actorId: "u1",
  action: "run-viewed",
  subjectKind: "run",
  subjectId: `e${at}`,
  teamId: null,
  detail: {},
});

/** A store whose appends end when the test says so. */
function slowStore() {
  const batches: (readonly AuditFact[])[] = [];
  const ends: { done: () => void; fail: (error: Error) => void }[] = [];
  const append = (facts: readonly AuditFact[]) =>
    new Promise<void>((done, fail) => {
      batches.push(facts);
      ends.push({ done, fail });
    });
  return { append, batches, ends };
}

test("fifty readers at once make two commits, and each waits for its own [AUD-9]", async () => {
  const { append, batches, ends } = slowStore();
  const recorder = new AuditRecorder({ append, onLost: () => expect.fail("nothing is lost") });
  const answered: number[] = [];
  const read = (at: number) => recorder.record(fact(at)).then(() => answered.push(at));
  const first = read(0);
  await Promise.resolve();
  const others = Array.from({ length: 49 }, (_, n) => read(n + 1));
  await Promise.resolve();
  expect(batches.map((batch) => batch.length)).toEqual([1]);
  ends[0]?.done();
  await first;
  expect(answered).toEqual([0]);
  await Promise.resolve();
  expect(batches.map((batch) => batch.length)).toEqual([1, 49]);
  ends[1]?.done();
  await Promise.all(others);
  expect(answered).toHaveLength(50);
  await recorder.idle();
});

test("what cannot be recorded fails with a stable code, and the next is tried anew", async () => {
  const { append, ends } = slowStore();
  const recorder = new AuditRecorder({ append, onLost: () => {} });
  const lost = recorder.record(fact(1));
  await Promise.resolve();
  const next = recorder.record(fact(2));
  ends[0]?.fail(new Error("disk full"));
  await expect(lost).rejects.toMatchObject({ code: "audit_away" });
  await Promise.resolve();
  ends[1]?.done();
  await next;
});

test("what waits is bounded: more is refused at once", async () => {
  const { append, ends } = slowStore();
  const recorder = new AuditRecorder({ append, onLost: () => {} });
  void recorder.record(fact(0));
  await Promise.resolve();
  const waiting = Array.from({ length: API_LIMITS.auditFactsWaiting }, (_, n) =>
    recorder.record(fact(n)),
  );
  await expect(recorder.record(fact(-1))).rejects.toMatchObject({ code: "audit_away" });
  for (
    let batch = 0;
    batch <= API_LIMITS.auditFactsWaiting / API_LIMITS.auditFactsAtOnce;
    batch += 1
  ) {
    ends[batch]?.done();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  await Promise.all(waiting);
});

test("a fact that nobody waits for is said when it is lost", async () => {
  const lost: unknown[] = [];
  const recorder = new AuditRecorder({
    append: () => Promise.reject(new Error("away")),
    onLost: (error) => lost.push(error),
  });
  recorder.note(fact(1));
  await recorder.idle();
  await Promise.resolve();
  expect(lost).toMatchObject([{ code: "audit_away" }]);
});
