import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";

const LOCK = "batchwatch-sender";

/**
 * Does the work while no other page and no service worker of this device does it. One that holds the lock for too
 * long is asleep, and is not waited for: commands may be sent twice under one id, never lost.
 */
export async function alone(work: () => Promise<void>): Promise<void> {
  // Only in secure contexts.
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return work();
  let begun = false;
  const begin = (): Promise<void> => {
    begun = true;
    return work();
  };
  try {
    await locks.request(LOCK, { signal: AbortSignal.timeout(LIMITS.lockWaitMs) }, begin);
  } catch (error) {
    if (begun) throw error;
    await begin();
  }
}

/** Runs the work again for every call made meanwhile, once for all of them. */
export function gathered(
  work: (eager: boolean) => Promise<void>,
): (eager: boolean) => Promise<void> {
  let running: Promise<void> | null = null;
  let next: { eager: boolean } | null = null;
  const run = async (first: boolean): Promise<void> => {
    try {
      let wanted: { eager: boolean } | null = { eager: first };
      while (wanted !== null) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await work(wanted.eager);
        wanted = next;
        next = null;
      }
    } finally {
      // Before anybody else runs: a call after this begins anew.
      running = null;
      next = null;
    }
  };
  return (eager) => {
    if (running === null) running = run(eager);
    else next = { eager: eager || next?.eager === true };
    return running;
  };
}
