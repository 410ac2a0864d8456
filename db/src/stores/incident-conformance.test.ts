import { MemoryIncidentStores } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { incidentConformance } from "./incident-conformance.ts";
import { outboxConformance } from "./outbox-conformance.ts";
import { acknowledge, after, answered, change, incident } from "./test-incidents.ts";
import { openTestStores } from "./test-store.ts";

incidentConformance("SQLite", () => openTestStores());
outboxConformance("SQLite", () => openTestStores());

/** Where the desk is tested and simulated. */
const inMemory = () => Promise.resolve(new MemoryIncidentStores());
incidentConformance("memory", inMemory);
outboxConformance("memory", inMemory);

test("an answer that an earlier version kept does not say how the incident ended", async () => {
  const { incidents } = await openTestStores();
  await incidents.commit([change(incident("n1"))]);
  const command = acknowledge("c1", "n1");
  const acked = after(incident("n1"));
  const { resolution: _, mergedInto: __, ...old } = answered(command, acked).answer;
  await incidents.commit([change(acked, { command: { command, answer: old as never } })]);
  expect(await incidents.answered(command)).toEqual({
    ...old,
    resolution: null,
    mergedInto: null,
  });
});
