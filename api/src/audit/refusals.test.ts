import type { AuditFact } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { Refusals } from "./refusals.ts";

function counted() {
  const facts: AuditFact[] = [];
  const refusals = new Refusals((fact) => facts.push(fact));
  return { facts, refusals };
}

const refusal = { userId: "u1", what: "users.propose", status: 403 } as const;

test("the first refusal is recorded at once, a thousand more in one record at the minute's end [AUD-12]", () => {
  const { facts, refusals } = counted();
  for (let at = 0; at <= 1_000; at += 1) refusals.add(refusal, at);
  expect(facts).toEqual([
    {
      at: 0,
      actorKind: "user",
      actorId: "u1",
      action: "access-refused",
      subjectKind: "call",
      subjectId: "users.propose",
      teamId: null,
      detail: { status: 403, times: 1 },
    },
  ]);
  refusals.flush(API_LIMITS.refusalCountMs - 1);
  expect(facts).toHaveLength(1);
  refusals.flush(API_LIMITS.refusalCountMs);
  expect(facts[1]?.detail).toEqual({
    status: 403,
    times: 1_000,
    since: "1970-01-01T00:00:00.000Z",
  });
  refusals.add(refusal, 70_000);
  expect(facts[2]?.detail).toEqual({ status: 403, times: 1 });
  refusals.flush(200_000);
  expect(facts).toHaveLength(3);
});

test("others' refusals, and other ones of the same person, are told apart", () => {
  const { facts, refusals } = counted();
  refusals.add(refusal, 0);
  refusals.add({ ...refusal, userId: "u2" }, 0);
  refusals.add({ ...refusal, what: "retention.propose" }, 0);
  refusals.add({ userId: null, what: "POST /api/v1/lineage", status: 401 }, 0);
  expect(facts.map(({ actorId, subjectId }) => [actorId, subjectId])).toEqual([
    ["u1", "users.propose"],
    ["u2", "users.propose"],
    ["u1", "retention.propose"],
    ["unknown", "POST /api/v1/lineage"],
  ]);
});

test("kinds beyond the limit are counted together, and none is lost at a stop", () => {
  const { facts, refusals } = counted();
  const kinds = API_LIMITS.refusalKinds + 500;
  for (let n = 0; n < kinds; n += 1) refusals.add({ ...refusal, userId: `u${n}` }, 0);
  expect(facts).toHaveLength(API_LIMITS.refusalKinds + 1);
  refusals.flush(1, true);
  expect(facts.at(-1)).toMatchObject({ subjectId: "others", detail: { times: 499 } });
});
