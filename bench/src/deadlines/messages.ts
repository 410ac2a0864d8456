/** What the worker that hosts the shard's own thread function is given. */
export interface ShardWorkerData {
  /** File of the built thread function. */
  readonly threadUrl: string;
  readonly options: {
    readonly index: number;
    readonly count: number;
    readonly journalPath: string;
    /** Nothing is stored: it is not opened. */
    readonly storePath: string;
    readonly port: unknown;
    readonly name: string;
    readonly slot: number;
    readonly faultsDir: null;
  };
}
