import { alone, gathered } from "./alone.ts";
import { tell } from "./channel.ts";
import { deviceStore } from "./device-store.ts";
import { postCall } from "./post-call.ts";
import { sendReceipts } from "./receipts.ts";
import { sendDue } from "./sender.ts";

const changeListeners = new Set<() => void>();

/** The kept commands changed, here or elsewhere on this device. */
export function commandsChanged(): void {
  for (const listener of changeListeners) listener();
  tell({ type: "commands" });
}

/** Called after each change that is made in this page. */
export function onCommandsChanged(listener: () => void): void {
  changeListeners.add(listener);
}

/**
 * Sends the commands that are due, then the receipts; in a page and in the service worker alike.
 * `eager`: something woke this device, so waits between attempts are cut short.
 */
export const flush: (eager: boolean) => Promise<void> = gathered(async (eager) =>
  alone("batchwatch-sender", async () => {
    await sendDue(
      {
        store: deviceStore,
        call: postCall,
        now: Date.now,
        random: Math.random,
        onChange: commandsChanged,
      },
      eager,
    );
    await sendReceipts(deviceStore, postCall);
  }),
);

/**
 * Asks the browser, where it can, to wake the service worker when the network is back. False: it does not, so that only the page and the
 * next push send what is kept.
 */
export async function askForSync(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { sync } = registration as { sync?: { register(tag: string): Promise<void> } };
  if (sync === undefined) return false;
  try {
    await sync.register("commands");
    return true;
  } catch {
    return false;
  }
}
