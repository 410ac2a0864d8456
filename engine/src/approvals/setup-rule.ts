import { LIMITS } from "../model/limits.ts";
import type { SetupFacts } from "../ports/trust-stores.ts";

/** Set-up mode: one person may decide alone, marked so. `because` is what ended it. */
export type SetupVerdict =
  | { readonly on: true; readonly until: number }
  | { readonly on: false; readonly because: "ended" | "second-person" | "time" };

/**
 * It lasts until a second person who may approve has signed in, at most 14 days from the making of the store, and never comes back:
 * whoever finds it over writes that down (`endSetup`), and from then on only that counts (EYES-6).
 */
export function judgeSetup(facts: SetupFacts, now: number): SetupVerdict {
  const until = facts.storeCreatedAt + LIMITS.setupMs;
  if (facts.endedAt !== null) return { on: false, because: "ended" };
  if (facts.approversSeen >= 2) return { on: false, because: "second-person" };
  if (now >= until) return { on: false, because: "time" };
  return { on: true, until };
}
