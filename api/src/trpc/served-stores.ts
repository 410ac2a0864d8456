import type { Stores } from "@batchwatch/engine";

/** What changes a protected thing without a second person: for the command line on the host and the start of the server alone (EYES-15). */
export const HOST_METHODS = {
  settings: ["configure", "rename", "retire", "assign"],
  calendars: ["put"],
  sources: ["add"],
  receivers: ["setPaging"],
  identity: ["addUser"],
} as const satisfies { readonly [K in keyof Stores]?: readonly (keyof Stores[K])[] };

type Hidden = typeof HOST_METHODS;

/** The stores as services get them. */
export type ServedStores = {
  readonly [K in keyof Stores]: K extends keyof Hidden
    ? Omit<Stores[K], Hidden[K][number]>
    : Stores[K];
};

/** The same stores without these methods: what is not there cannot be reached by a defect of a service either. */
export function servedStores(stores: Stores): ServedStores {
  const without = <T extends object>(store: T, hidden: readonly PropertyKey[]): T =>
    new Proxy(store, {
      get: (target, method) => (hidden.includes(method) ? undefined : Reflect.get(target, method)),
    });
  return {
    ...stores,
    settings: without(stores.settings, HOST_METHODS.settings),
    calendars: without(stores.calendars, HOST_METHODS.calendars),
    sources: without(stores.sources, HOST_METHODS.sources),
    receivers: without(stores.receivers, HOST_METHODS.receivers),
    identity: without(stores.identity, HOST_METHODS.identity),
  };
}
