import type { TrustServices } from "./trust-services.ts";

/** Until the parts are merged. */
export function notYet(): Pick<TrustServices, "approvals" | "users"> {
  const gone = new Proxy(
    {},
    {
      get: (_target, method) => () => {
        throw new Error(`${String(method)} is not merged yet`);
      },
    },
  );
  return { approvals: gone, users: gone } as never;
}
