import type { TimedObservation } from "./native-observation.ts";
import { nightPlan, type NightOptions } from "./night-plan.ts";
import { factsOf } from "./run-facts.ts";

/**
 * An invented bank's night as its jobs would report it: 60 jobs, one failure with a recovered attempt, a stall,
 * a late start, a failure that holds up three others, and a run with hardly any rows. Sorted by the time to send.
 * @throws {RangeError} when an option is out of its range
 */
export function sampleNight(options: NightOptions): TimedObservation[] {
  const plan = nightPlan(options);
  // The sort is stable: what a run says within one millisecond stays in order.
  return plan.runs
    .flatMap((run) => factsOf(run, options.businessDate, plan.timeOf))
    .sort((a, b) => a.at - b.at);
}
