export { openStores, type OpenStores, type StoreOptions } from "./stores/open-stores.ts";
export type { JoinSummaries } from "./stores/unit-store.ts";
export { Upkeep, type UpkeepOptions, type UpkeepReport } from "./upkeep/upkeep.ts";
export { SchemaError } from "./migrations/schema-error.ts";
export { DB_LIMITS } from "./schema/limits.ts";
