/** What the process of the phones is told on its command line, as JSON. */
export interface PhonesRequest {
  readonly url: string;
  readonly phones: number;
  /** Of these, how many run the real client library. */
  readonly clientPhones: number;
  /** Used in turn; empty: plain WebSockets that are not asked for a subscription. */
  readonly tokens: readonly string[];
  readonly phonesPerToken: number;
}

export type FromPhones =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly message: string }
  | {
      readonly type: "result";
      /** Encoded LatencyHistogram of all changes at all phones. */
      readonly histogram: string;
      /** The same, of the phones with the client library only. */
      readonly clientHistogram: string;
      /** Changes at the phone that got the fewest. */
      readonly fewest: number;
      readonly lost: number;
    };
