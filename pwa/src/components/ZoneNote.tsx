import type { ReactNode } from "react";
import { useNow } from "../live/tick-clock.ts";
import { timeZoneName } from "./format.ts";

/** An offset from UTC does not change more often than this, ms. */
const STEP_MS = 60_000;

/** The zone that every clock time of the screen is in. */
export function ZoneNote(): ReactNode {
  return <p className="zone">Times in {timeZoneName(useNow(STEP_MS))}</p>;
}
