import type { HealthComponent } from "@batchwatch/engine";
import type { HealthFacts } from "./health-facts.ts";

/** Whether a page would come through now: the canary's last one did, or did not, and those that left this process reached somebody. */
export function alertingHealth({ alerting, now }: HealthFacts): HealthComponent {
  const { on, canary, pushTrouble, openIncidents } = alerting;
  const { pending, oldestPendingAt, dead, unreached, unreachedSince } = alerting;
  const details = {
    alert_engine_status: canary.type,
    canary_took_ms: canary.type === "singing" ? canary.tookMs : null,
    canary_at: canary.type === "singing" ? new Date(canary.at).toISOString() : null,
    open_incidents: openIncidents,
    pending_notifications: pending,
    oldest_pending_age_ms: oldestPendingAt === null ? null : now - oldestPendingAt,
    dead_notifications: dead,
    unreached_notifications: unreached,
    unreached_since: unreachedSince === null ? null : new Date(unreachedSince).toISOString(),
  };
  const component = (status: HealthComponent["status"], summary: string): HealthComponent => ({
    name: "alerting",
    status,
    summary,
    details,
  });
  if (canary.type === "silent") {
    const seconds = Math.round((now - canary.since) / 1_000);
    return component(
      "DOWN",
      `A test failure was not paged for ${seconds} s: pages may not arrive.`,
    );
  }
  if (!on) return component("DEGRADED", "Alerts are switched off: nobody is told of anything.");
  if (pushTrouble !== null) return component("DOWN", `No phone can be woken: ${pushTrouble}`);
  if (unreachedSince !== null) {
    const seconds = Math.round((now - unreachedSince) / 1_000);
    return component("DOWN", `No page has reached anybody for ${seconds} s; Deliveries shows why.`);
  }
  // What was given up of an incident that is over, or reached its person another way, is history: Deliveries keeps it.
  if (unreached > 0) {
    return component(
      "DEGRADED",
      `${unreached} notifications of open incidents reached nobody; Deliveries shows why.`,
    );
  }
  if (canary.type === "young") return component("UP", "The first test page is under way.");
  return component("UP", `The last test page came through in ${canary.tookMs} ms.`);
}
