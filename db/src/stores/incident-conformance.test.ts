import { MemoryIncidentStores } from "@batchwatch/engine";
import { incidentConformance } from "./incident-conformance.ts";
import { outboxConformance } from "./outbox-conformance.ts";
import { openTestStores } from "./test-store.ts";

incidentConformance("SQLite", () => openTestStores());
outboxConformance("SQLite", () => openTestStores());

/** Where the desk is tested and simulated. */
const inMemory = () => Promise.resolve(new MemoryIncidentStores());
incidentConformance("memory", inMemory);
outboxConformance("memory", inMemory);
