import { admitScenario } from "./admit.ts";
import { deadline } from "./deadline.ts";
import { engineCore } from "./engine-core.ts";
import { ingest } from "./ingest.ts";
import { live } from "./live.ts";
import { page } from "./page.ts";
import { recovery } from "./recovery.ts";
import { scale } from "./scale.ts";
import type { Scenario } from "./scenario.ts";
import { startup } from "./startup.ts";

/** Every scenario, in the order that `all` runs them. */
export const SCENARIOS: readonly Scenario[] = [
  admitScenario,
  deadline,
  engineCore,
  ingest,
  live,
  page,
  recovery,
  scale,
  startup,
];
