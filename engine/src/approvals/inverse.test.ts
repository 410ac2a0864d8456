import { describe, expect, it, test } from "vitest";
import { CHANGE_KINDS, type ChangeKind, type ProposedChange } from "../model/change-request.ts";
import { ROLES } from "../model/people.ts";
import { whyNoBreakGlass } from "./break-glass.ts";
import { inverseOf, isInvertible } from "./inverse.ts";
import { type Fields, fieldsAfter, type Standing } from "./standing.ts";
import { EVERY_CHANGE } from "./test-changes.ts";

const FOR_GOOD: ReadonlySet<ChangeKind> = new Set(["source-add", "user-remove"] as const);
const standing = (fields: Fields): Standing => ({ fields, context: {} });
const of = (kind: ChangeKind) => {
  const found = EVERY_CHANGE.find((one) => one.change.kind === kind);
  if (found === undefined) throw new Error(kind);
  return { change: found.change, subjectId: "id", before: standing(found.before) };
};

describe.each(EVERY_CHANGE)("$change.kind", ({ change, before }) => {
  const done = { change, before: standing(before), subjectId: "id" };

  it("is taken back to what stood before, or not at all [EYES-7]", () => {
    expect(isInvertible(done)).toBe(!FOR_GOOD.has(change.kind));
    const inverse = inverseOf(done, fieldsAfter(change));
    if (inverse === null) return;
    expect(fieldsAfter(inverse)).toEqual(before);
  });

  it("leaves what somebody changed since", () => {
    if (change.kind === "user-add" || FOR_GOOD.has(change.kind)) return;
    const others = Object.fromEntries(Object.keys(before).map((field) => [field, "other"]));
    expect(inverseOf(done, others)).toBeNull();
  });
});

test("of two fields the one that still stands is taken back [EYES-7]", () => {
  const done = of("job-configure");
  const now: Fields = { ...fieldsAfter(done.change), tier: 2, "clocks.heartbeatMs": 9_000 };
  expect(inverseOf(done, now)?.payload).toEqual({
    jobId: "j1",
    change: { firstStep: "Call", schedule: null },
  });
  const person = of("user-change");
  expect(inverseOf(person, { role: "display", teams: ["ledger", "payments"] })?.payload).toEqual({
    userId: "id",
    role: "display",
    teamNames: ["ledger"],
  });
});

test("a job that facts gave its team goes back to that team, not only to facts [EYES-7]", () => {
  const done = {
    ...of("job-assign"),
    before: { fields: { owner: null }, context: { team: "payments" } },
  };
  expect(inverseOf(done, { owner: "ledger" })?.payload).toEqual({
    jobId: "j1",
    teamId: null,
    formerTeamId: "payments",
  });
});

test("a person who came under break-glass goes, whatever became of them, and once", () => {
  const done = of("user-add");
  const changed = { user: { name: "Former user", role: "auditor", teams: [] } };
  expect(inverseOf(done, changed)?.kind).toBe("user-remove");
  expect(inverseOf(done, { user: null })).toBeNull();
});

test("a rename that took another job in, and a new calendar, stay", () => {
  const joins = { jobId: "j2", name: "new" };
  expect(
    isInvertible({
      ...of("job-rename"),
      before: { fields: { name: "old", namespace: "core" }, context: { joins } },
    }),
  ).toBe(false);
  expect(isInvertible({ ...of("calendar-put"), before: standing({ calendar: null }) })).toBe(false);
});

describe("break-glass [EYES-8]", () => {
  const offered = ({ change, before }: { change: ProposedChange; before: Standing }) =>
    whyNoBreakGlass(change, before) === null;

  it("is offered for what can be taken back whole", () => {
    expect(CHANGE_KINDS.filter((kind) => offered(of(kind)))).toEqual([
      "job-configure",
      "job-retire",
      "job-assign",
      "calendar-put",
      "source-paging",
      "user-add",
      "user-change",
    ]);
    expect(offered({ ...of("calendar-put"), before: standing({ calendar: null }) })).toBe(false);
  });

  it("neither gives nor takes a role that may approve", () => {
    const add = of("user-add");
    const change = of("user-change");
    const made = ROLES.filter((role) =>
      offered({
        ...add,
        change: { ...add.change, payload: { ...add.change.payload, role } } as never,
      }),
    );
    expect(made).toEqual(["on-call", "auditor", "display"]);
    const left = ROLES.filter((role) =>
      offered({ ...change, before: standing({ role, teams: [] }) }),
    );
    expect(left).toEqual(["on-call", "auditor", "display"]);
  });
});
