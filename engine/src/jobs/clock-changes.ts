import type { RunState } from "../model/run.ts";

/** What stands in place of a contract where a clock, not a fact, changed a run's state. */
export const CLOCK_CONTRACT = "clock";

/** States that only a clock gives. */
const BY_CLOCK: Record<RunState, boolean> = {
  scheduled: false,
  late: true,
  running: false,
  stalled: true,
  recovering: false,
  succeeded: false,
  failed: false,
  stopped: false,
  unknown: true,
};

const GOES_ON: ReadonlySet<RunState> = new Set<RunState>(["running", "recovering"]);

/** Whether a change of the shown state is the clock's: it set a state, or a run it doubted goes on. */
export function isClockChange(from: RunState, to: RunState): boolean {
  return BY_CLOCK[to] || ((from === "stalled" || from === "unknown") && GOES_ON.has(to));
}
