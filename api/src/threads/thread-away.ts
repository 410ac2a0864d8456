/** The thread that a call needs is being replaced; the call may be repeated. */
export class ThreadAwayError extends Error {
  readonly code: "store_away" | "not_durable";
  constructor(code: ThreadAwayError["code"], cause: Error | null) {
    super(MESSAGES[code], cause === null ? {} : { cause });
    this.name = "ThreadAwayError";
    this.code = code;
  }
}

const MESSAGES: Readonly<Record<ThreadAwayError["code"], string>> = {
  store_away: "The store is being restarted. Try again in a few seconds.",
  not_durable: "The journal is being restarted.",
};
