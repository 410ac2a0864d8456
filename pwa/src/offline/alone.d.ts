/**
 * Does the work while no other page and no service worker of this device does it. One that holds the lock for too
 * long is asleep, and is not waited for: commands may be sent twice under one id, never lost.
 */
export declare function alone(work: () => Promise<void>): Promise<void>;
/** Runs the work again for every call made meanwhile, once for all of them. */
export declare function gathered(
  work: (eager: boolean) => Promise<void>,
): (eager: boolean) => Promise<void>;
//# sourceMappingURL=alone.d.ts.map
