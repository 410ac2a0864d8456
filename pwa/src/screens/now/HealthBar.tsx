import type { SystemHealth } from "batchwatch/router";
import type { ReactNode } from "react";
import { HealthMark } from "../../components/Health.tsx";
import { HEALTH_NAMES } from "../../components/words.ts";

/** Whether the watcher itself is well. What is not UP says why. */
export function HealthBar({ health }: { readonly health: SystemHealth }): ReactNode {
  return (
    <section className="health-bar" aria-label="System health">
      <ul>
        {health.components.map((component) => (
          <li key={component.name} title={component.summary}>
            <span className="health-name">{HEALTH_NAMES[component.name]}</span>
            <HealthMark status={component.status} />
            {component.status !== "UP" && <span className="secondary">{component.summary}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
