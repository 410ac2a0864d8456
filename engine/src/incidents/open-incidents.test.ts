import { describe, expect, it } from "vitest";
import type { Incident } from "../model/incident.ts";
import { OpenIncidents } from "./open-incidents.ts";
import { alertOf, contextOf, inputOf, T0 } from "./test-incidents.ts";
import { step } from "./step.ts";

function incidentOf(jobId: string): Incident {
  const result = step(null, inputOf([alertOf(jobId, T0)]), contextOf(T0));
  if (result?.incident == null) throw new Error("there is an incident");
  return result.incident;
}

describe("the open incidents of a desk", () => {
  it("are those of the store once they are read again, whatever they were before", () => {
    const [kept, changed, left, fresh] = ["a", "b", "c", "d"].map(incidentOf) as [
      Incident,
      Incident,
      Incident,
      Incident,
    ];
    const open = new OpenIncidents();
    open.replaceAll([kept, changed, left]);
    const other = { ...changed, version: changed.version + 1, groupKey: "another" };
    open.replaceAll([kept, other, fresh]);
    expect([...open.all].map(({ incidentId }) => incidentId).sort()).toEqual(
      [kept, other, fresh].map(({ incidentId }) => incidentId).sort(),
    );
    expect(open.get(other.incidentId)).toBe(other);
    expect(open.byKey("another")).toBe(other);
    expect(open.byKey(changed.groupKey)).toBe(other);
    expect(open.byKey(kept.groupKey)).toBe(kept);
    expect(open.byJob("c")).toBeUndefined();
    expect(open.byKey(left.groupKey)).toBeUndefined();
    expect(open.byJob("d")).toBe(fresh);
    open.replaceAll([]);
    expect(open.size).toBe(0);
    for (const { groupKey } of [kept, other, fresh]) expect(open.byKey(groupKey)).toBeUndefined();
  });
});
