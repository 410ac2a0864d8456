/** What a call came to. `later`: no answer of this server, or one that says to come back. */
export type CallResult =
  | {
      readonly kind: "answered";
      readonly data: unknown;
    }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: "signed-out";
    }
  | {
      readonly kind: "later";
      readonly retryAfterMs: number | null;
    };
/** Sends a mutation to the server; never rejects. */
export type Call = (path: string, input: object) => Promise<CallResult>;
/**
 * One mutation without the tRPC client, which is too large for a service worker. `keepalive` lets it arrive when
 * the page is closed meanwhile; a redirect is a captive portal's and never ours.
 */
export declare const postCall: Call;
/**
 * Only an answer in this server's own form ends a call: `{result: {data}}` or `{error: {message, data: {code}}}`.
 * @param retryAfter the header's seconds
 */
export declare function callResult(
  status: number,
  body: unknown,
  retryAfter: string | null,
): CallResult;
//# sourceMappingURL=post-call.d.ts.map
