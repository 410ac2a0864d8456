/**
 * Every bound of the engine, in one place (invariant I6).
 * A number that stops something from growing lives here or in another package's options file, nowhere else.
 */
export const LIMITS = {
  /** Partitions of the job space. Jobs never move between partitions; partitions move between shards. */
  partitions: 64,
  /** Largest accepted request body, bytes. Above it the route answers 413. */
  bodyBytes: 1_048_576,
  /** Deepest accepted JSON nesting. */
  jsonDepth: 32,
  /** Most members of one request. */
  batchMembers: 10_000,
  /** Longest job name, job namespace, run key, stage name and dataset name, characters. */
  nameLength: 512,
  /** Longest kept free text (messages, parameter values), characters; both ends are kept, the middle is cut. */
  textLength: 2_000,
  /** Most parameters, and most metrics, kept of one run. */
  paramsPerRun: 64,
  /** Most datasets kept of one run in each direction. */
  datasetsPerRun: 200,
  /** Most stages kept of one run. */
  stagesPerRun: 200,
  /** Newest commit times kept of one open stage: its rhythm. */
  commitsKept: 12,
  /** Blind intervals that have ended and that a shard remembers (the newest); older ones hold no deadline any more. */
  blindIntervals: 200,
  /** Sources whose silence a shard knows of at once; while it lasts it holds all deadlines of the source. */
  silentSources: 1_000,
  /** Expected occurrences of one job that are on the board at once (the newest). */
  occurrencesShown: 8,
  /** Expected starts of one job that are missed at once and may still be taken (the newest); of older ones nothing is expected any more. */
  missedStartsRemembered: 32,
  /** Datasets of one job's ended runs that are saved at once; those of its other runs follow with their own saves. */
  datasetsPerUnit: 1_000,
  /** Most transitions kept of one run (the newest). */
  transitionsPerRun: 64,
  /** Most error notes kept of one run (the newest). */
  errorsPerRun: 20,
  /** Ended runs of one job whose full summary stays in memory; older ones are amended in the store. */
  endedRunsInMemory: 2,
  /** Runs of one job that may be open at once; beyond it the one silent for longest goes to the store. */
  openRunsPerJob: 256,
  /** Run digests of one job kept for instances, medians and trends. */
  digestsPerJob: 64,
  /** Jobs one source may have unless BATCHWATCH_JOBS_PER_SOURCE says otherwise; facts of more are refused with `too_many_jobs`. */
  jobsPerSource: 100_000,
  /** Jobs that a thread of the door remembers having met; one forgotten is taken for perhaps new once more. */
  jobsMet: 40_000,
  /** Rejected members kept per source (the newest). */
  rejectionsPerSource: 200,
  /** Characters of a rejected member that are kept, masked. */
  rejectionExcerptLength: 1_000,
  /** Largest kept lineage note, UTF-8 bytes of its masked JSON; above it only the identifying fields are kept. */
  noteBytes: 65_536,
  /** Longest name or value repeated in an error message, characters. */
  shownLength: 100,
  /** Runs remembered at the door, so that names seen lately are not checked and hashed again. */
  idsRemembered: 40_000,
  /** Heads of native members (job and run as they are written) remembered at the door; a power of two. */
  headsRemembered: 32_768,
  /** Runs whose ids and names a shard remembers as the journal writes them; a power of two. */
  runHeadsRemembered: 32_768,
  /** Lists of texts of journal records that a shard remembers; a power of two. */
  textListsRemembered: 256,
  /** Longest such list that is remembered, bytes. */
  textListBytes: 4_096,
  /** Board changes remembered for resuming clients; an older position is answered with `reset`. */
  boardRing: 65_536,
  /** Changes in one live frame (a frame stays below 32 KiB at usual row sizes). */
  frameChanges: 60,
  /** Longest business name and first step that a person may give a job, characters. */
  settingTextLength: 200,
  /** Longest address of a runbook, characters. */
  urlLength: 1_000,
  /** Longest time that a clock may be set to, milliseconds: a monthly job's budget fits in. */
  clockMs: 2_678_400_000,
  /** Days of one calendar that are not what their weekday says. */
  calendarDays: 4_000,
  /** Alerts kept inside one incident; more are counted. */
  incidentMembers: 100,
  /** Lines of one incident's timeline that are shown (the newest). */
  incidentEvents: 500,
  /** Messages of one incident that are shown (the newest); whom it was told is known of all. */
  incidentDeliveries: 500,
  /** Incidents that may be open at once; alerts beyond wait in the store until one is resolved. */
  openIncidents: 20_000,
  /** Alerts that an incident desk takes in at once. */
  alertsAtOnce: 500,
  /** Alerts that wait in the desk; more are found in the store when it has caught up. */
  alertsWaiting: 20_000,
  /** Commands that wait in the desk; more are refused. */
  commandsWaiting: 1_000,
  /** How often a step is made again because another desk was first, before it is left to the next reconciliation. */
  stepRepeats: 10,
  /** Incidents that changed within this are compared with their alerts at each reconciliation, ms. */
  membersCheckedMs: 300_000,
  /** Steps from a run to its first ancestor. */
  ancestors: 5,
  /** Jobs whose upstream jobs a desk remembers. */
  upstreamRemembered: 10_000,
  /** Largest card that travels with a notification, UTF-8 bytes of its JSON. */
  cardBytes: 2_500,
  /** Jobs that one job is known to wait for, by lineage. */
  upstreamJobs: 200,
  /** Browsers of one person that can be woken (the newest). */
  subscriptionsPerUser: 10,
  /** Webhooks that incidents go to. */
  webhooks: 100,
  /** People in the list of one team. */
  oncallPeople: 20,
  /** Notifications under way at once, over all receivers. */
  sendsAtOnce: 64,
  /** Notifications under way at once to one receiver's host: a slow one holds up nobody else. */
  sendsPerHost: 8,
  /** Notifications that wait in a sender; more are taken from the outbox when there is room. */
  sendsWaiting: 10_000,
  /** Notifications taken from the outbox at once. */
  sendsPerSweep: 500,
  /** Outcomes that wait to be marked; beyond it the oldest are forgotten, their leases end, and they are sent again. */
  marksWaiting: 10_000,
  /** Of the notifications that were given up, so many of the newest are looked at at a start. */
  deadPagesRead: 100,
  /** How long a notification is leased to its sender; above the longest wait for a place and a send, ms. */
  sendLeaseMs: 60_000,
  /** The time limit of one attempt to send, ms: with less of its lease left none begins. */
  sendTimeoutMs: 10_000,
  /** How often a sender looks for notifications whose lease has run out, ms. */
  sweepMs: 5_000,
  /** No attempt is due later than this after the one before, ms: the longest wait that a receiver may ask for. */
  attemptWaitMs: 3_600_000,
  /** A push is given up at this age, ms: the ladder has long sent others. */
  pushAgeMs: 3_600_000,
  /** A webhook is given up at this age, ms. */
  webhookAgeMs: 86_400_000,
  /** Failures of one receiver in a row after which it is left alone for a while. */
  breakerFailures: 5,
  /** How long, ms. */
  breakerMs: 30_000,
  /** Receivers whose failures a sender remembers; those that work are forgotten. */
  breakers: 10_000,
  /** Most characters of a comment or a reason. */
  commentLength: 1_000,
  /** Most items of any list answer. */
  pageSize: 200,
  /** Journal rows a shard reads at once. */
  journalReadRows: 512,
  /** Bytes of journal rows after which a shard reads no further row at once: about 0.03 s of work. The last one may go beyond. */
  journalReadBytes: 65_536,
  /** Jobs a shard judges in one go when all of them are judged anew: about 0.03 s of work. */
  jobsJudgedAtOnce: 250,
  /** Board rows a shard sends in a millisecond, on average; more changes of one row go once. */
  rowsPerMs: 5,
  /** Most rows of a shard in one message to the board, beside urgent ones: about 0.05 s of work. */
  rowsPerSend: 500,
  /** Longest time a changed row waits for that, milliseconds. Transitions never wait. */
  rowPauseMs: 2_000,
  /** Jobs of a cut saved in one piece, so that urgent units never wait long. */
  unitsPerPiece: 20,
  /** Urgent units saved in one piece, beside those of a cut: what failed at once is one commit, of about 50 ms. */
  urgentUnitsPerPiece: 100,
  /** Journal rows by which a cut that is under way moves the mark on at least: each move is a write of its own. */
  positionsPerMark: 8,
  /** Refusals of a unit sent alone after which its job is quarantined. */
  refusalsPerUnit: 3,
  /**
   * Jobs one shard gives up because the store refuses them. Beyond it they are sent for ever and the journal grows
   * until intake says 503: then it is the schema or the program that is wrong, not a job.
   */
  refusedJobsPerShard: 200,
  /** Facts kept of one quarantined job; later ones are counted and not kept, and its row says so. */
  lettersPerJob: 10_000,
  /** Kept facts saved in one piece. */
  lettersPerPiece: 200,
  /** Lineage notes saved in one piece: each is up to 64 KiB. */
  notesPerPiece: 200,
  /** Lineage notes waiting to be saved above which a shard stops reading the journal until some are: 128 MiB at the most. */
  unsavedNotesPerShard: 2_000,
  /** Jobs whose newest runs are read in one call while their state is rebuilt. */
  jobsRebuiltAtOnce: 20,
  /** Jobs with unsaved changes above which a shard stops reading the journal until some are saved. */
  dirtyJobsPerShard: 20_000,
  /**
   * Unsaved runs and transitions above which it does the same: a few jobs can have very many. One job's are one
   * transaction, in which the store's thread does not beat; with a largest request on top it takes half of `threadSilenceMs`.
   */
  unsavedRowsPerShard: 20_000,
  /** Longest cron expression, characters. */
  expressionLength: 200,
  /** Parsed cron expressions remembered, about 2 kB each; the ones not used lately are parsed again. */
  cronPatternsRemembered: 8_192,
  /** Zones whose clock changes are remembered, about 5 kB each; beyond it all are forgotten and read again. */
  zonesRemembered: 1_000,
  /** Days with firings that are looked at for the next business day; beyond it nothing is due. */
  businessDaySteps: 1_000,
  /** Firings looked at to judge one candidate of a proposed schedule; a history that had more of them is not judged. */
  inferredOccurrences: 4_000,
  /** How often the supervisor looks at the heartbeats, and how often a thread beats, ms. */
  supervisorTickMs: 100,
  /** A tick of the supervisor later than this says nothing of the other threads, ms. */
  supervisorLateMs: 1_000,
  /** A running thread without a heartbeat for this long is ended and replaced, ms. */
  threadSilenceMs: 3_000,
  /** The same for a thread that starts: opening, recovering and migrating a large file is one long call, ms. */
  threadBootSilenceMs: 120_000,
  /** Wait before a dead thread is replaced; it doubles with every death that follows soon, ms. */
  restartDelayMs: 200,
  /** Longest such wait, ms. */
  restartDelayMostMs: 10_000,
  /** The time in which deaths of one thread are counted, and after which a living one is forgiven, ms. */
  deathWindowMs: 60_000,
  /** Deaths of one thread in that time that end the process. */
  deathsPerWindow: 6,
  /** Characters of what is noted with one audit record, as JSON. */
  auditDetailLength: 2_000,
  /** Records of the trail read at once for verification. */
  auditPage: 1_000,
  /** Every head of the trail is kept for this long beside the store, ms; then one for each `auditHeadStepMs`. */
  auditHeadsAllMs: 600_000,
  /** Distance of the heads that are kept of the last day, ms; older ones are kept one a day. */
  auditHeadStepMs: 600_000,
  /** Days of which one head is kept; below the oldest the trail speaks for itself. */
  auditHeadDays: 3_660,
  /** Heads kept at all; beyond it the oldest go. */
  auditHeadLines: 20_000,
  /** Records of one evidence file; a filter that matches more is to be narrowed. */
  evidenceRecords: 5_000,
  /** Time in which a change request must be decided, ms; then it has expired. */
  changeRequestMs: 604_800_000,
  /** Time after the decision in which who asked may fetch a new user's sign-in link, ms. */
  collectMs: 604_800_000,
  /** Longest reason of a change request, and longest note to a decision, characters. */
  reasonLength: 500,
  /** Longest text of one difference that is shown with a change request, characters; its beginning is kept. */
  differenceLength: 1_000,
  /** Longest name of a field that is kept unmasked, characters. */
  maskedFieldLength: 100,
  /** Longest name of a person, team or source that a change may give, characters. */
  personNameLength: 100,
  /** Shortest retention of the audit trail and of incidents, days: what an auditor asks about is a year old. */
  retentionLeastDays: 365,
  /** Longest retention that people set, days: a century. */
  retentionMostDays: 36_500,
  /** Requests that one person may have waiting at once. */
  requestsPerPerson: 50,
  /** Longest that a change stands under break-glass without a second person, ms. */
  breakGlassMs: 7_200_000,
  /** Longest that one person may approve alone after the store was made, ms. */
  setupMs: 1_209_600_000,
  /** Days (UTC) for which counts of what was masked are kept of a source: the years of the audit trail. */
  maskCountDays: 2_557,
  /** Fields of one source that are kept unmasked. */
  maskingExceptionsPerSource: 50,
  /** Sessions of one user that are good at once (the newest). */
  sessionsPerUser: 20,
  /**
   * How long the refresh token before the good one still gets an access token, ms. Its answer may have been lost, and a page waits for that for 15 s
   * (`callTimeoutMs`) before it asks again: as long, and once more for the next attempt. No longer, as a copy of it gets in for so long, too.
   */
  refreshGraceMs: 30_000,
  /** Paired devices of one user (the newest). */
  devicesPerUser: 10,
} as const;

/** `occurredAt` later than `receivedAt` by more than this is clamped to `receivedAt` and flagged. */
export const CLOCK_SKEW_MS: number = 5 * 60_000;
/** A fact older than this on arrival is history: stored, never on the board, never a signal. */
export const HISTORY_AFTER_MS: number = 24 * 3_600_000;
/** A run that ended stays among the recent completions for this long. */
export const RECENT_MS: number = 3_600_000;
/** A failed run that nothing has cleared stays on the board for this long. */
export const FAILED_SHOWN_MS: number = 24 * 3_600_000;
