/** The kept commands changed, here or elsewhere on this device. */
export declare function commandsChanged(): void;
/** Called after each change that is made in this page. */
export declare function onCommandsChanged(listener: () => void): void;
/**
 * Sends the commands that are due, then the receipts; in a page and in the service worker alike.
 * `eager`: something woke this device, so waits between attempts are cut short.
 */
export declare const flush: (eager: boolean) => Promise<void>;
/** Asks the browser, where it can, to wake the service worker when the network is back. */
export declare function askForSync(registration: ServiceWorkerRegistration): Promise<void>;
//# sourceMappingURL=outgoing.d.ts.map
