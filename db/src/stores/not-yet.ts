import type { Stores } from "@batchwatch/engine";

/** Until the parts are merged. */
export function notYet(): Pick<Stores, "audit" | "sessions" | "privacy"> {
  const gone = new Proxy(
    {},
    {
      get: (_target, method) => () => {
        throw new Error(`${String(method)} is not merged yet`);
      },
    },
  );
  return { audit: gone, sessions: gone, privacy: gone } as never;
}
