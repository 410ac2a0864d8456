import { setTimeout as pause } from "node:timers/promises";
import { Upkeep } from "@batchwatch/db";
import type { RetainedKind, Stores } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type CrossedError, crossing } from "./messages.ts";

/** What a pass removed in all, or why it ended early. `held`: the clock is not believed, so nothing is old. */
export type UpkeepNews =
  | { readonly removed: number; readonly held: boolean }
  | { readonly error: CrossedError };

/** Removes what is older than it is to be kept, now and then, beside the calls that the store's thread answers. Returns what ends it. */
export function keepUp(
  stores: Stores,
  days: Readonly<Record<RetainedKind, number>>,
  tell: (news: UpkeepNews) => void,
): () => void {
  const upkeep = new Upkeep({ stores, days, now: Date.now, pause: (ms) => pause(ms) });
  let stopped = false;
  const pass = async () => {
    try {
      const { held, ...counts } = await upkeep.pass();
      const removed = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
      if (!stopped) tell({ removed, held });
    } catch (error) {
      if (!stopped) tell({ error: crossing(error) });
    }
    if (!stopped) timer = setTimeout(pass, API_LIMITS.upkeepEveryMs);
  };
  let timer = setTimeout(pass, API_LIMITS.upkeepFirstMs);
  return () => {
    stopped = true;
    upkeep.stop();
    clearTimeout(timer);
  };
}
