import type { Stores } from "@batchwatch/engine";

/** Until the parts are merged. */
export function notYet(): Pick<Stores, "approvals" | "sessions"> {
  const gone = new Proxy(
    {},
    {
      get: (_target, method) => () => {
        throw new Error(`${String(method)} is not merged yet`);
      },
    },
  );
  const approvals = { ...gone, retention: () => Promise.resolve({}) };
  return { approvals, sessions: gone } as never;
}
