import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";

/** What is done by one page, or the service worker, of this device at a time. */
type Lock = "batchwatch-sender" | "batchwatch-session";

/**
 * Does the work while no other page and no service worker of this device does it. One that holds the lock for too
 * long is asleep, and is not waited for: commands may be sent twice under one id, never lost; of two refreshes at
 * once the server forgives the second.
 */
export async function alone<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  // Only in secure contexts.
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return work();
  let begun = false;
  const begin = (): Promise<T> => {
    begun = true;
    return work();
  };
  try {
    return await locks.request(lock, { signal: AbortSignal.timeout(LIMITS.lockWaitMs) }, begin);
  } catch (error) {
    if (begun) throw error;
    return begin();
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
