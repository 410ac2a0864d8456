import { describe, expect, it, test } from "vitest";
import type { ChangeKind, ProposedChange } from "../model/change-request.ts";
import { ROLES } from "../model/people.ts";
import { whyNoBreakGlass } from "./break-glass.ts";
import { inverseOf, isInvertible } from "./inverse.ts";
import { type Fields, fieldsAfter } from "./standing.ts";
import { EVERY_CHANGE } from "./test-changes.ts";

const FOR_GOOD: ReadonlySet<ChangeKind> = new Set(["source-add", "user-remove"] as const);
const of = (kind: ChangeKind) => {
  const found = EVERY_CHANGE.find((one) => one.change.kind === kind);
  if (found === undefined) throw new Error(kind);
  return { ...found, subjectId: "id", joined: null };
};

describe.each(EVERY_CHANGE)("$change.kind", ({ change, before }) => {
  const done = { change, before, subjectId: "id", joined: null };

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

test("a person who came under break-glass goes, whatever became of them, and once", () => {
  const done = of("user-add");
  const changed = { user: { name: "Former user", role: "auditor", teams: [] } };
  expect(inverseOf(done, changed)?.kind).toBe("user-remove");
  expect(inverseOf(done, { user: null })).toBeNull();
});

test("a rename that took another job in, and a new calendar, stay", () => {
  expect(isInvertible({ ...of("job-rename"), joined: { jobId: "j2", name: "new" } })).toBe(false);
  expect(isInvertible({ ...of("calendar-put"), before: { calendar: null } })).toBe(false);
});

describe("break-glass [EYES-8]", () => {
  const offered = ({ change, before }: { change: ProposedChange; before: Fields }) =>
    whyNoBreakGlass(change, { fields: before, context: {} }) === null;

  it("is offered for what can be taken back whole", () => {
    expect(EVERY_CHANGE.filter(offered).map(({ change }) => change.kind)).toEqual([
      "job-configure",
      "job-retire",
      "job-assign",
      "calendar-put",
      "source-paging",
      "user-add",
      "user-change",
    ]);
    expect(offered({ ...of("calendar-put"), before: { calendar: null } })).toBe(false);
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
    const left = ROLES.filter((role) => offered({ ...change, before: { role, teams: [] } }));
    expect(left).toEqual(["on-call", "auditor", "display"]);
  });
});
