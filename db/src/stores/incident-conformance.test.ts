import { incidentConformance } from "./incident-conformance.ts";
import { outboxConformance } from "./outbox-conformance.ts";
import { openTestStores } from "./test-store.ts";

incidentConformance("SQLite", () => openTestStores());
outboxConformance("SQLite", () => openTestStores());
