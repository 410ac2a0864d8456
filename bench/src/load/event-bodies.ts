const NAMESPACE = "bench";
const JOBS = 500;
/** UTF-8 bytes of an event without a message. */
export const EVENT_BYTES = 190;
/** UTF-8 bytes of a message. */
export const MESSAGE_BYTES = 120;
const MESSAGE_EVERY = 10;
/** Progress events of a run before the next one begins: 1 % of the ids at the door are new. */
const EVENTS_PER_RUN = 100;

/**
 * What jobs write in passing; two of twenty hold something to hide, and six more hold a word or a number that makes the masker
 * look. The numbers belong to nobody.
 */
const MESSAGES = [
  "step 3 of 7 finished, 18432 rows written to the staging table, next commit in 500 rows",
  "retry 2 of 5 after a deadlock on table gl_balance, waiting 250 ms before the next attempt",
  "input file settlement_20261123.csv has 186000 lines, header and trailer agree",
  "skipped row 90211: amount is empty, rule AMT-07, the row was written to the reject file",
  "notified the owner at night-desk@example.com that the extract is 4 minutes later than usual",
  "partition 12 of 48 done in 3.8 s, 2 workers idle, estimated end 03:42 by the last 20 runs",
  "chunk size raised from 500 to 1000 because the last 10 commits took less than 80 ms each",
  "checkpoint written at offset 73400320, restart would resume from there without reading again",
  "cache of exchange rates filled with 164 pairs, valid until 2026-11-24 06:00 UTC, no gaps",
  "run 550e8400-e29b-41d4-a716-446655440000 of cob 2026-11-24 took 00:14:12, limit is 00:20:00",
  "row 4411 refused: card 4111 1111 1111 1111 has no account, batch continues without it",
  "accounts processed: 1234567, of these 12 without a sort code, all in /data/out/acc_20261124.csv",
  "token of the file service renewed at 1764043200123, valid for 3600 s, secret version 7 in use",
  "GET http://fx01:8080/rates/2026-11-24?base=EUR answered 200 in 41 ms, 164 rates, etag 7f83b165",
  "java.sql.SQLTransientException: ORA-00060 at com.bank.eod.GlLoad.commit(GlLoad.java:412), retried",
  "telephone file TEL_0042.dat has 4711 entries, 3 of them twice, the later one was taken each time",
  "group 400100 to 400999 balanced, debit 12345678.90 equals credit, 0 differences, next group 401000",
  "archived 42 files of 1073741824 bytes, sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
  "waiting for GL_EXTRACT of the day, started 02:58, usual end 03:20, asked again every 30 seconds",
  "wrote /data/out/2026/11/24/part-00017.parquet, 186000 rows, 14.2 MB, 3 columns empty as expected",
].map((message) => message.padEnd(MESSAGE_BYTES, ".").slice(0, MESSAGE_BYTES));

/** The free texts alone, in the same mix. */
export function messages(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => messageOf(index));
}

function messageOf(index: number): string {
  return MESSAGES[index % MESSAGES.length] ?? "";
}

/** Request bodies of progress events of one size, every tenth with a message. */
export class EventBodies {
  readonly #encoder = new TextEncoder();
  #events = 0;

  /** UTF-8 JSON of the next events. @param now epoch milliseconds */
  next(count: number, now: number): Uint8Array {
    const at = new Date(now).toISOString();
    const events = Array.from({ length: count }, () => this.#event(at));
    return this.#encoder.encode(`[${events.join(",")}]`);
  }

  #event(at: string): string {
    const event = this.#events;
    this.#events += 1;
    const job = `nightly-job-${digits(event % JOBS, 7)}`;
    const pass = Math.floor(event / JOBS);
    // Runs of different jobs begin at different times.
    const run = `run-${digits(Math.floor((pass + (event % JOBS)) / EVENTS_PER_RUN), 6)}`;
    const done = 1_000_000 + pass;
    const text = `{"job":{"namespace":"${NAMESPACE}","name":"${job}"},"run":{"id":"${run}"},"kind":"progress","at":"${at}","progress":{"done":${done}},"counters":{"read":${done}}`;
    if (event % MESSAGE_EVERY !== 0) return `${text}}`;
    const message = messageOf(Math.floor(event / MESSAGE_EVERY));
    return `${text},"message":${JSON.stringify(message)}}`;
  }
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
