/** Every bound and default of the benches, in one place. */
export const BENCH_OPTIONS = {
  /** Seconds of sustained load of one figure. `--seconds` sets another. Seconds. @default 10 */
  seconds: 10,
  /** The same of the smoke form. Seconds. @default 0.2 */
  smokeSeconds: 0.2,
  /** Longest `--seconds`. Seconds. @default 3600 */
  secondsMax: 3_600,
  /** Repetitions whose median counts. `--runs` sets another. Count. @default 1 */
  runs: 1,
  /** Most `--runs`. Count. @default 50 */
  runsMax: 50,
  /** Seed of everything invented. @default 1 */
  seed: 1,
  /** Time a server may take to answer that it lives. Milliseconds. @default 30000 */
  startTimeoutMs: 30_000,
  /** Time a server may take to end after SIGTERM; then it is killed. Milliseconds. @default 30000 */
  stopTimeoutMs: 30_000,
  /** Time `npm start` may take until it answers. Milliseconds. @default 180000 */
  npmStartTimeoutMs: 180_000,
  /** Time one command may take. Milliseconds. @default 30000 */
  commandTimeoutMs: 30_000,
  /** Time one request may take. Milliseconds. @default 30000 */
  requestTimeoutMs: 30_000,
  /** Time a child process of the benches may take to be ready. Milliseconds. @default 30000 */
  childReadyTimeoutMs: 30_000,
  /** Time a contender of `engine-core` may take to be ready, or for one round. Milliseconds. @default 120000 */
  roundTimeoutMs: 120_000,
  /** Time one size of `scale` may take in its process. Milliseconds. @default 300000 */
  scaleTimeoutMs: 300_000,
  /** Time the board may take to show the end of a load before the bench gives up. Milliseconds. @default 60000 */
  boardTimeoutMs: 60_000,
  /** Time between two looks while waiting for something. Milliseconds. @default 20 */
  pollMs: 20,
  /** Keep-alive connections that send load. Count. @default 32 */
  connections: 32,
  /** Sockets per user: below the server's own limit of 20. Count. @default 18 */
  phonesPerUser: 18,
  /** Phones per child process. Count. @default 1000 */
  phonesPerChild: 1_000,
  /** Of each child's phones, those that run the real client library and parse every item. Count. @default 10 */
  clientPhonesPerChild: 10,
  /** Sockets opened at once. Count. @default 20 */
  phonesOpening: 20,
  /** Commands run at once while users are made. Count. @default 2 */
  commandsAtOnce: 2,
  /** Characters kept of what a child process said, for the message when it fails. @default 4000 */
  outputKept: 4_000,
  /** Latencies above this are recorded as this. Milliseconds. @default 600000 */
  latencyMaxMs: 600_000,
} as const;
