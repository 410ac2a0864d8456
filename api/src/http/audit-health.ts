import type { HealthComponent } from "@batchwatch/engine";
import type { HealthFacts } from "./health-facts.ts";

/** Whether the trail still has its witness outside of the store. */
export function auditHealth({ auditTrouble, auditSeq }: HealthFacts): HealthComponent {
  return {
    name: "audit",
    status: auditTrouble === null ? "UP" : "DEGRADED",
    summary: auditTrouble ?? "The newest record has its head beside the store.",
    details: { audit_head: auditSeq },
  };
}
