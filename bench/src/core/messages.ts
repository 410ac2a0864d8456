import type { ContenderName } from "./contenders.ts";

/** What the process of a contender is told on its command line, as JSON. */
export interface ContenderRequest {
  readonly name: ContenderName;
  /** File of the journal that holds the facts. */
  readonly journalPath: string;
}

/** Apply what the journal holds after the last round; after the `last`, say what became of everything. */
export interface ToContender {
  readonly type: "round" | "last";
}

export type FromContender =
  | { readonly type: "ready" }
  /** Time of applying alone, without reading the file. */
  | { readonly type: "applied"; readonly ms: number }
  | { readonly type: "outcome"; readonly digest: string; readonly facts: number };
