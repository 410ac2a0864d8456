import type { Anew, FromShard, JournalBond, ToShard } from "@batchwatch/engine";
import type { PackedRecords } from "./packed-records.ts";

/** What the log thread is told. */
export type ToLog =
  | { readonly type: "append"; readonly id: number; readonly records: PackedRecords }
  | { readonly type: "truncate"; readonly id: number; readonly position: number }
  | {
      readonly type: "bind";
      readonly id: number;
      readonly storeId: string;
      readonly continueAfter: number;
    }
  | { readonly type: "prove"; readonly id: number }
  | { readonly type: "stats"; readonly id: number }
  | { readonly type: "stop"; readonly setAside: boolean };

/** What the log thread answers. `write`: it tells whether facts can be written now. */
export type FromLog =
  | { readonly type: "ready"; readonly bond: JournalBond }
  /** `ids` are the requests made durable by one commit. */
  | { readonly type: "appended"; readonly ids: readonly number[]; readonly end: number }
  | {
      readonly type: "refused";
      readonly ids: readonly number[];
      readonly write: boolean;
      readonly error: CrossedError;
    }
  | {
      readonly type: "done";
      readonly id: number;
      readonly write: boolean;
      readonly end: number;
    }
  | { readonly type: "stats"; readonly id: number; readonly stats: JournalStats };

export interface JournalStats {
  readonly rows: number;
  readonly oldestReceivedAt: number | null;
  readonly bytes: number;
  readonly walBytes: number;
}

/**
 * What the thread of a shard is told: what its shard is, to load what the store holds as of now (epoch ms), and to show all
 * of that although it does not start yet.
 */
export type ToShardThread =
  | ToShard
  | Anew
  | { readonly type: "take-stored"; readonly now: number }
  | { readonly type: "show" };

/** What it answers: what its shard does, whether it could load, and that all of it was sent. */
export type FromShardThread =
  | FromShard
  | { readonly type: "took-stored" }
  | { readonly type: "shown" }
  | { readonly type: "not-loaded"; readonly error: CrossedError };

/** A call of a store method from another thread. */
export interface StoreCall {
  readonly id: number;
  readonly store: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The id under which the store thread says that it has opened the store. */
export const STORE_READY = 0;

/** The id under which it says what its upkeep did. */
export const STORE_UPKEEP = -1;

export type StoreAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CrossedError };

/** An error as it crosses a thread. */
export interface CrossedError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
}

export function crossing(error: unknown): CrossedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), code: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { name: error.name, message: error.message, code };
}

export function crossed(error: CrossedError): Error {
  return Object.assign(new Error(error.message), { name: error.name, code: error.code });
}
