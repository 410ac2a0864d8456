import type { TrustServices } from "./trust-services.ts";

/** Until the parts are merged. */
export function notYet(): TrustServices {
  const gone = new Proxy(
    {},
    {
      get: (_target, method) => () => {
        throw new Error(`${String(method)} is not merged yet`);
      },
    },
  );
  return new Proxy({}, { get: () => gone }) as TrustServices;
}
