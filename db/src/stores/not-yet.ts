import type { AuditHead, Stores } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";

/** Until the parts are merged. */
export function notYet(db: Kysely<Database>, trail: AuditTrail): Pick<Stores, "audit" | "privacy"> {
  const gone = new Proxy(
    {},
    {
      get: (_target, method) => () => {
        throw new Error(`${String(method)} is not merged yet`);
      },
    },
  );
  const audit: Pick<Stores["audit"], "append"> = {
    append: (facts) =>
      db.transaction().execute((tx) => trail.append(tx, facts) as Promise<AuditHead>),
  };
  return { audit, privacy: gone } as never;
}
