/**
 * Every bound of the api package, in one place (invariant I6).
 * What an operator may change is in settings.ts; these are fixed by what the design can carry.
 */
export const API_LIMITS = {
  /** Request bytes held by the intake at once, over all requests; above it intake answers 503 + Retry-After. Bytes. @default 33554432 */
  intakeBytesInFlight: 32 * 1024 * 1024,
  /** Journal rows not yet saved in the store, above which intake answers 503. Count. @default 5000000 */
  unsavedJournalRecords: 5_000_000,
  /** Unsaved age of the oldest journal row, above which intake answers 503. Milliseconds. @default 86400000 */
  journalAgeMs: 86_400_000,
  /** Size of the journal file, above which intake answers 503. Bytes. @default 17179869184 */
  journalBytes: 16 * 1024 ** 3,
  /** Size of a write-ahead log, above which health says so: something keeps it from being folded back. Bytes. @default 268435456 */
  walAlarmBytes: 256 * 1024 ** 2,
  /** How often disks and journal are looked at. Milliseconds. @default 1000 */
  diskWatchMs: 1_000,
  /** How often the store is asked whether it answers. Milliseconds. @default 1000 */
  healthProbeMs: 1_000,
  /** Time an answer of the journal or the store may take before it counts as none. Milliseconds. @default 5000 */
  probeMs: 5_000,
  /** Time a call waits for the store while its thread is being replaced; then it fails with `store_away`. Milliseconds. @default 1500 */
  storeWaitMs: 1_500,
  /** Calls that may wait for the store. Count. @default 1000 */
  storeCallsWaiting: 1_000,
  /** First wait before a piece is sent to the store again; it doubles. Milliseconds. @default 100 */
  storeRetryMs: 100,
  /** Longest such wait. Milliseconds. @default 2000 */
  storeRetryMostMs: 2_000,
  /** So often a shard tries to load its jobs before health and the log say that it cannot. */
  loadTriesUnsaid: 3,
  /** How often the log says so, ms. */
  loadTroubleSaidMs: 60_000,
  /** Reads that may wait for a reader thread. Count. @default 1000 */
  queuedReads: 1_000,
  /** Time of a stop for reading and saving everything; what is left stays in the journal. Milliseconds. @default 2000 */
  stopDrainMs: 2_000,
  /** Time of a stop, before the drain, for writing last-seen times and rejections. Milliseconds. @default 500 */
  stopNotesMs: 500,
  /** Time of a stop, and of a fatal end, for the threads to end by themselves, and again to be ended. Milliseconds. @default 2000 */
  threadEndMs: 2_000,
  /** Appends to the journal under way at once; what comes in the meantime goes into the next. Count. @default 2 */
  appendsUnderWay: 2,
  /** Rejected members held between two writes to the store; more are only counted in the reply. Count. @default 2000 */
  rejectionsHeld: 2_000,
  /** Large bodies that may wait for a door thread. Count. @default 512 */
  doorQueue: 512,
  /** Bodies up to this size are admitted on the main thread, larger ones in the door pool. Bytes. @default 16384 */
  inlineAdmitBytes: 16 * 1024,
  /** How often the jobs of sources are counted in the store; longer than a cut of the shards takes to be saved. Milliseconds. @default 5000 */
  jobCountMs: 5_000,
  /** Least bytes that a member of a body has: what the most new jobs of a body are reckoned from. Bytes. @default 40 */
  leastMemberBytes: 40,
  /** Seconds a producer is told to wait after a 503. Seconds. @default 1 */
  retryAfterSeconds: 1,
  /** Time for a client to send its whole request. Milliseconds; longer than `headersTimeoutMs`. @default 15000 */
  requestTimeoutMs: 15_000,
  /** Time for a client to send its request headers. Milliseconds. @default 5000 */
  headersTimeoutMs: 5_000,
  /** Time an idle keep-alive connection stays open. Milliseconds. @default 72000 */
  keepAliveTimeoutMs: 72_000,
  /** How often Node looks for connections whose headers or requests are late. Milliseconds; below `headersTimeoutMs`. @default 1000 */
  connectionsCheckMs: 1_000,
  /** Connections of any kind open at once; beyond it new ones are dropped. Count. @default 4000 */
  connections: 4_000,
  /** Those of one address, loopback and a proxy excepted. Count; above `socketsPerAddress`. @default 200 */
  connectionsPerAddress: 200,
  /** A global IPv6 network of 64 bits has this many times the connections and sockets of one address: often it is a whole office, and one host can make up any address in it. @default 4 */
  networkTimes: 4,
  /** Requests on one connection; then the client opens another. Count. @default 10000 */
  requestsPerConnection: 10_000,
  /** Requests of one connection under way at once; clients that wait for their answers have one. Count. @default 16 */
  pipelinedRequests: 16,
  /** Header lines of a request that are looked at; Node takes 16 KiB of them at most. Count. @default 100 */
  headers: 100,
  /** Longest address of a request. Characters. @default 8192 */
  urlLength: 8_192,
  /** Calls of tRPC of one user in a minute, over HTTP and sockets together; a batch counts its calls. Count. @default 12000 */
  callsPerMinutePerUser: 12_000,
  /** Calls over HTTP of one user whose answers are not read yet. Count; some full batches. @default 100 */
  callsUnderWayPerUser: 100,
  /** Those of them whose answers may be large: the whole board, evidence, one's own data. Count; below `callsUnderWayPerUser`. @default 10 */
  largePerUser: 10,
  /** Such calls in one batch, and under way on one socket; the page asks for one. Count. @default 2 */
  largeAtOnce: 2,
  /** Calls under way on one socket; more are refused. Count. @default 8 */
  callsUnderWayPerSocket: 8,
  /** Requests over HTTP of one address, without a good token, in a minute. Count. @default 600 */
  strangersPerMinute: 600,
  /** Callers that are counted at once; beyond it the counting begins anew. Count. @default 10000 */
  callersCounted: 10_000,
  /** Largest frame a client may send on a socket. Bytes. @default 65536 */
  socketFrameBytes: 64 * 1024,
  /** Subscriptions open on one socket at once; the page has one. All of a user's stay below the 100 readers from which changes are gathered for longer. Count. @default 4 */
  subscriptionsPerSocket: 4,
  /** Streams of one user over HTTP, where a socket does not pass. Count. @default 10 */
  streamsPerUser: 10,
  /** Messages one socket may send in a second, each call of a batch as one; above it the socket is closed. Messages per second. @default 50 */
  messagesPerSecondPerSocket: 50,
  /** Sockets one user may have open at once. Count. @default 20 */
  socketsPerUser: 20,
  /** Sockets one address may have open at once; above `socketsPerUser`, as offices share an address. Count. @default 50 */
  socketsPerAddress: 50,
  /** Sockets that have not said who they are, beside those that have; one more takes the place of the oldest. Count. @default 32 */
  socketsUnknown: 32,
  /** Time for a socket to authenticate before it is closed. Milliseconds. @default 5000 */
  handshakeTimeoutMs: 5_000,
  /** Time for a socket that is closed to answer before it is cut. Milliseconds. @default 500 */
  socketCloseMs: 500,
  /** Readers of the live stream that are told in one turn of the loop; the rest after whatever else is waiting. Count. @default 64 */
  readersPerTurn: 64,
  /** Longest pause between two rounds of the live stream; as long as the last round took, up to this. Milliseconds. @default 1000 */
  livePauseMs: 1_000,
  /** Unsent bytes of a socket above which changes are merged instead of sent, and calls refused. Bytes; below `sendBufferHardBytes`. @default 262144 */
  sendBufferSoftBytes: 256 * 1024,
  /** Unsent bytes of a socket above which it is ended instead of sent more. Bytes. @default 4194304 */
  sendBufferHardBytes: 4 * 1024 * 1024,
  /** Time a socket may stay above `sendBufferSoftBytes` before it is ended. Milliseconds. @default 30000 */
  sendBufferSoftForMs: 30_000,
  /** Largest body of a tRPC or session request. Bytes. @default 65536 */
  trpcBodyBytes: 64 * 1024,
  /** Calls in one tRPC batch. Count. @default 20 */
  batchCalls: 20,
  /** How often sources' last-seen times and the like are written to the store. Milliseconds. @default 1000 */
  ackTickMs: 1_000,
  /** How often silent sources are looked for and a sign of life is left in the store. Milliseconds. @default 2000 */
  estateTickMs: 2_000,
  /** A tick this much late, or a sign of life this old at the start: nobody saw what happened meanwhile. Milliseconds. @default 5000 */
  pauseMs: 5_000,
  /** How long ago a blind interval may have ended and still matter to a deadline after a restart. Milliseconds. @default 3600000 */
  blindRememberedMs: 3_600_000,
  /** How often the directory asks the store whether users, tokens or sources changed; half of the promised second. Milliseconds. @default 500 */
  directoryRefreshMs: 500,
  /** How often a clock that is not believed is asked about again where it says that a job is to retire. Milliseconds. @default 60000 */
  clockDoubtMs: 60_000,
  /** Jobs whose settings go to a shard in one message. Count. @default 500 */
  settingsPerMessage: 500,
  /** How long after a rename its jobs are rebuilt at each start of a shard. Milliseconds; longer than any stop to come back from. @default 604800000 */
  renameReloadMs: 7 * 86_400_000,
  /** Past runs that a schedule is proposed from. Count; at most a page of runs. @default 64 */
  proposalRuns: 64,
  /** Changes shown with a job, the newest. Count. @default 20 */
  changesShown: 20,
  /** Other teams' jobs shown with a run or an incident. Count; at least the children of a run and the members of an incident. @default 200 */
  foreignJobsShown: 200,
  /** How often the canary fails. Milliseconds. @default 300000 */
  canaryEveryMs: 300_000,
  /** Time in which its page must come back. Milliseconds; below `canaryEveryMs`. @default 30000 */
  canaryWithinMs: 30_000,
  /** For how long what became of a page says whether pages reach anybody. Milliseconds. @default 900000 */
  reachMs: 900_000,
  /** Days of a source's masked counts that are shown with it, the newest. Count. @default 30 */
  maskedDaysShown: 30,
  /** How often requests whose time is over are ended, and what stood too long under break-glass is taken back. Milliseconds. @default 1000 */
  approvalSweepMs: 1_000,
  /** How often the incident desk looks for what is due. Milliseconds. @default 250 */
  deskTickMs: 250,
  /** How often it looks for alerts that nobody took in. Milliseconds. @default 60000 */
  deskReconcileMs: 60_000,
  /** Largest calendar file that is imported. Bytes. @default 1048576 */
  calendarFileBytes: 1024 * 1024,
  /** Longest Authorization or Cookie value that is looked at. Characters. @default 4096 */
  credentialHeaderLength: 4_096,
  /** Life of a browser session. Milliseconds. @default 43200000 */
  sessionMs: 12 * 3_600_000,
  /** Life of a paired device's key, from the sign-in in whose session it was paired last. Milliseconds; far above `sessionMs`: it is for whoever is woken after the session has ended. @default 129600000 */
  pairedDeviceMs: 36 * 3_600_000,
  /** How long after a sign-in somebody without a password may set one. Milliseconds; below `sessionMs`. @default 600000 */
  firstPasswordMs: 600_000,
  /** Life of an access token, and so the longest that a socket stays open with it. Milliseconds; far below `sessionMs`. @default 300000 */
  accessTokenMs: 300_000,
  /** Difference between clocks that a token is forgiven. Seconds. @default 30 */
  clockToleranceSeconds: 30,
  /** Longest life of what a paired device says of itself. Seconds. @default 60 */
  assertionSeconds: 60,
  /** Such sayings remembered until they expire, so that each counts once; with more the answer is 503. Count. @default 10000 */
  assertionsRemembered: 10_000,
  /** Answers to refreshes that nobody is known to have received, remembered while their token is forgiven. Count. @default 10000 */
  answersRemembered: 10_000,
  /** Passwords hashed at once; each takes a core, 19 MiB and a thread of Node's four. Count. @default 2 */
  hashesAtOnce: 2,
  /** Passwords that may wait for that; with more the answer is 503. Count. @default 20 */
  hashesWaiting: 20,
  /** Memory of one password hash (argon2id m). KiB. @default 19456 */
  hashMemoryKib: 19_456,
  /** Passes over it (argon2id t). Count. @default 2 */
  hashPasses: 2,
  /** Shortest password. Characters. @default 12 */
  passwordLeast: 12,
  /** Longest password. Characters. @default 256 */
  passwordMost: 256,
  /** Failed sign-ins of one address to one account, of one address, and to one account from addresses that never got in; in `failureWindowSeconds`. Counts. @default 8, 60, 80 */
  pairFailures: 8,
  addressFailures: 60,
  accountFailures: 80,
  /** The time in which failed sign-ins are counted. Seconds. @default 900 */
  failureWindowSeconds: 900,
  /** Counters of each of those kinds; what is counted under falls into one of them by a keyed hash, so memory is bounded and nobody can aim. Count. @default 16384 */
  failureCounters: 16_384,
  /** Addresses that got into an account lately: they are not kept out of it by others' failures. Count. @default 10000 */
  knownAddresses: 10_000,
  /** Refreshes, sign-ins by code, device and provider of one address in a minute. Count. @default 240 */
  authCallsPerMinute: 240,
  /** Refused sign-ins that are audited one by one in a minute; of more the number is told with the next. Count. @default 60 */
  refusalsAudited: 60,
  /** Time of a call to an identity provider. Milliseconds. @default 5000 */
  oidcTimeoutMs: 5_000,
  /** How long what an identity provider says of itself is taken for true. Milliseconds. @default 3600000 */
  oidcMetadataMs: 3_600_000,
  /** How long an identity provider that failed is left alone. Milliseconds. @default 15000 */
  oidcBreakerMs: 15_000,
  /** Time to sign in at an identity provider. Milliseconds. @default 600000 */
  oidcSignInMs: 600_000,
  /** Keys that a secret file may hold: the one in use and those before it. Count. @default 50 */
  keysKept: 50,
  /** Life of a one-time sign-in code. Milliseconds. @default 3600000 */
  signInCodeMs: 3_600_000,
  /** Longest life of a bearer token. Milliseconds. @default 31622400000 */
  tokenTtlMaxMs: 366 * 86_400_000,
  /** Lines that refused and failed requests write in a second; more are only counted. Count. @default 20 */
  accessLinesPerSecond: 20,
  /** Sources whose freshness `/metrics` shows, those heard of last. Count. @default 1000 */
  sourcesInMetrics: 1_000,
  /** Alerts whose openings are remembered, so that `monitoring_alerts_triggered_total` counts each once. Count. @default 10000 */
  alertsCounted: 10_000,
  /** Reports of its loading that one person's pages may give in a minute; more are dropped. Count. @default 6 */
  vitalsPerUserAndMinute: 6,
  /** Longest time that such a report may name. Milliseconds. @default 600000 */
  vitalMostMs: 600_000,
  /** Lines in one request of `replay`. Count. @default 500 */
  replayLines: 500,
  /** Bytes in one request of `replay`, below the intake's body limit. Bytes. @default 786432 */
  replayBytes: 768 * 1024,
  /** Tries of one `replay` request while the server answers 503, or does not know a new key yet. Count. @default 30 */
  replayTries: 30,
  /** Longest wait between two tries of `replay`, whatever Retry-After says. Milliseconds. @default 10000 */
  replayWaitMs: 10_000,
  /** Time one `replay` request may take. Milliseconds. @default 60000 */
  replayTimeoutMs: 60_000,
  /** Rejected lines that `replay` names; the rest are only counted. Count. @default 10 */
  replayNamedRejections: 10,
  /** Time of a whole call to a webhook or a push service: name, connection, request and answer. Milliseconds. @default 5000 */
  outboundMs: 5_000,
  /** Addresses of receivers whose host is remembered. Count. @default 10000 */
  hostsRemembered: 10_000,
  /** Bytes of an answer that are read; the rest is cut off. Bytes. @default 65536 */
  outboundAnswerBytes: 64 * 1024,
  /** How long an unused connection to a receiver is kept. Milliseconds. @default 20000 */
  outboundIdleMs: 20_000,
  /** Unused connections kept to one receiver. Count. @default 2 */
  outboundIdleSockets: 2,
  /** Longest wait that a receiver may ask for. Milliseconds. @default 3600000 */
  retryAfterMostMs: 3_600_000,
  /** Plain text of one push message, to which every one is filled up; push services carry 3993. Bytes. @default 2900 */
  pushTextBytes: 2_900,
  /** The same after a push service found that too long. Bytes. @default 1000 */
  pushShortTextBytes: 1_000,
  /** How long a push service keeps a page for a phone that is away: a stale page is worse than none. Seconds. @default 3600 */
  pushPageTtlSeconds: 3_600,
  /** The same for what ends a page, so that a phone switched on in the morning shows the end and not the page. Seconds. @default 43200 */
  pushEndTtlSeconds: 12 * 3_600,
  /** The same for tests and canaries. Seconds. @default 60 */
  pushTestTtlSeconds: 60,
  /** Life of the token that a push service knows us by; push services take at most a day. Milliseconds. @default 43200000 */
  vapidTokenMs: 12 * 3_600_000,
  /** Push services whose token is kept until half its life is over. Count. @default 64 */
  vapidTokensKept: 64,
  /** Life of a link that acknowledges an incident. Milliseconds. @default 43200000 */
  ackLinkMs: 12 * 3_600_000,
  /** Openings and presses of such links from one address in a minute. Count. @default 30 */
  ackCallsPerMinute: 30,
  /** Addresses whose calls are counted at once; beyond it the counting begins anew. Count. @default 10000 */
  ackAddresses: 10_000,
  /** Facts of reading that wait to be recorded; beyond it what they tell of is not answered. Count. @default 2000 */
  auditFactsWaiting: 2_000,
  /** Facts recorded in one commit. Count. @default 200 */
  auditFactsAtOnce: 200,
  /** A person's further look at the same run, or the same list of the trail, within this time is the same look. Milliseconds. @default 60000 */
  viewMs: 60_000,
  /** Looks remembered for that; of more the oldest are forgotten, and recorded again. Count. @default 20000 */
  viewsRemembered: 20_000,
  /** Time in which the same refusal again is only counted. Milliseconds. @default 60000 */
  refusalCountMs: 60_000,
  /** Kinds of refusals told apart at once; more are counted together. Count. @default 1000 */
  refusalKinds: 1_000,
  /** How often the trail's newest head is kept beside the store, where it changed. Milliseconds. @default 1000 */
  auditHeadMs: 1_000,
  /** How often it is said in the log, for whoever collects that. Milliseconds. @default 600000 */
  auditHeadLogMs: 600_000,
  /** Heads added before the file is thinned out. Count. @default 1000 */
  headLinesAdded: 1_000,
  /** Most bytes of the file of heads that are read, the newest; far above what is kept. Bytes. @default 16777216 */
  headFileBytes: 16 * 1024 * 1024,
  /** Time for a verification that somebody asked for from the page; the command line takes as long as it needs. Milliseconds. @default 20000 */
  auditVerifyMs: 20_000,
  /** Audit records shown beside the reason that nobody was paged. Count. @default 20 */
  proofsShown: 20,
  /** Pages of records looked through, for each kind of act, to find who set what that reason rests on. Count. @default 10 */
  proofPages: 10,
  /** Largest evidence file that is checked. Bytes. @default 33554432 */
  evidenceFileBytes: 32 * 1024 * 1024,
  /** How often what is older than it is to be kept is removed. Milliseconds. @default 3600000 */
  upkeepEveryMs: 3_600_000,
  /** Wait before the first time after a start. Milliseconds. @default 60000 */
  upkeepFirstMs: 60_000,
} as const;
