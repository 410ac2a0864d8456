export * from "./model/limits.ts";
export * from "./model/ids.ts";
export * from "./model/job.ts";
export * from "./model/run.ts";
export * from "./model/fact.ts";
export { MANY_PARTITIONS } from "./model/record/record-format.ts";
export { RecordReader, type Section } from "./model/record/record-reader.ts";
export { encodeRecord } from "./model/record/record-writer.ts";
export * from "./model/schedule.ts";
export * from "./model/job-settings.ts";
export * from "./model/settings-change.ts";
export * from "./model/blind-interval.ts";
export * from "./model/evidence.ts";
export * from "./model/people.ts";
export * from "./model/alert.ts";
export * from "./model/incident.ts";
export * from "./model/notification.ts";
export * from "./model/policy.ts";
export * from "./model/rows.ts";
export * from "./model/incident-views.ts";
export * from "./model/views.ts";
export * from "./model/masked.ts";
export * from "./model/audit.ts";
export * from "./model/change-request.ts";
export * from "./model/trust-views.ts";
export * from "./ports/clock.ts";
export * from "./ports/partition-log.ts";
export * from "./ports/stores.ts";
export * from "./ports/store-error.ts";
export * from "./ports/settings-stores.ts";
export * from "./ports/incident-stores.ts";
export * from "./ports/notifier.ts";
export * from "./ports/trust-stores.ts";
export * from "./scoring/median-trend.ts";
export * from "./audit/chain.ts";
export * from "./audit/actor.ts";
export * from "./audit/evidence.ts";
export * from "./audit/former-name.ts";
export * from "./audit/heads.ts";
export * from "./audit/verify.ts";
export { canonical, sameJson, type Json } from "./approvals/canonical.ts";
export {
  calendarFields,
  fieldsAfter,
  type Fields,
  namedFields,
  type Standing,
} from "./approvals/standing.ts";
export { requestHash } from "./approvals/request-hash.ts";
export {
  APPROVER_ROLES,
  areApproversOne,
  canApprove,
  type Decidable,
  handsOf,
  mayAsk,
  mayBreakGlass,
  type WhyNotDecide,
  whyNotDecide,
} from "./approvals/who-decides.ts";
export { judgeSetup, type SetupVerdict } from "./approvals/setup-rule.ts";
export { whyNoBreakGlass } from "./approvals/break-glass.ts";
export { type CarriedOut, inverseOf, isInvertible } from "./approvals/inverse.ts";
export { differencesOf } from "./approvals/differences.ts";
export { checkedProposal, leastDaysOf } from "./approvals/check-proposal.ts";
export * from "./schedule/check-change.ts";
export * from "./schedule/schedule-error.ts";
export { checkExpression, checkZone, type ParsedExpression } from "./schedule/check-expression.ts";
export { type Firing, Firings } from "./schedule/firings.ts";
export { BusinessDays, businessDaysOf, daysCovered, endsSoon } from "./schedule/business-days.ts";
export { type Occurrences, occurrencesOf } from "./schedule/occurrences.ts";
export { cadenceOf, type Rhythm, rhythmOf, startGraceDefaultMs } from "./schedule/cadence.ts";
export { slotToleranceMs, type Taker, takersOf } from "./schedule/takers.ts";
export { inferSchedule, type PastInstance } from "./schedule/infer.ts";
export { joinFact } from "./jobs/join-fact.ts";
export { joinSummary } from "./jobs/join.ts";
export { columnsOf, counterOf, joinStoredSummaries } from "./jobs/run-columns.ts";
export { isoOf, progressOf, progressView } from "./jobs/board-rows.ts";
export { currentStage } from "./jobs/current-stage.ts";
export { decodeSummary, encodeSummary } from "./jobs/summary-codec.ts";
export {
  emptySummary,
  type Ending,
  type ErrorNote,
  type RunSummary,
  type StageSummary,
} from "./jobs/run-summary.ts";
export { digestOf, DigestRing, type RunDigest, stateOf } from "./jobs/run-digest.ts";
export { needsNewestRuns } from "./jobs/job-state.ts";
export { BlindTimes } from "./jobs/blind-times.ts";
export { SourceLiveness } from "./estate/source-liveness.ts";
export { JobActor } from "./jobs/job-actor.ts";
export { Board } from "./board/board.ts";
export { incidentShown } from "./board/visible.ts";
export { dashboardOf, metricsOf } from "./board/dashboard.ts";
export { isActive, leavesAt, needsAttention } from "./board/shelf-life.ts";
export { sourceLevel } from "./incidents/source-level.ts";
export { ClockWords } from "./incidents/clock-words.ts";
export { joinLevel } from "./incidents/join-level.ts";
export { ShardKnowledge } from "./shards/shard-knowledge.ts";
export { partitionsOf } from "./shards/partitions-of.ts";
export { Shard, type ShardOptions } from "./shards/shard.ts";
export { Supervisor, type SupervisorAction, type ThreadReport } from "./shards/supervisor.ts";
export type { ThreadPhase } from "./shards/thread-life.ts";
export { type BondVerdict, judgeBond, type JournalBond } from "./shards/store-bond.ts";
export { saveFailureOf, type SaveFailure } from "./shards/save-failure.ts";
export type { Anew, DeadLetter, FromShard, ShardStats, ToShard } from "./shards/messages.ts";
export { nightPlan, type NightOptions, type NightPlan } from "./sample/night-plan.ts";
export type {
  NativeObservation,
  NativeParent,
  TimedObservation,
} from "./sample/native-observation.ts";
export { SAMPLE_JOBS, SAMPLE_NAMESPACE, type SampleJob } from "./sample/sample-job.ts";
export { sampleNight } from "./sample/sample-night.ts";
export { sampleHistory, type HistoryOptions } from "./sample/sample-history.ts";
export * from "./masking/mask-kind.ts";
export * from "./masking/mask-text.ts";
export * from "./masking/mask-json.ts";
export * from "./masking/check-exception.ts";
export * from "./masking/clean-text.ts";
export { parseStrictly } from "./contracts/parse-strictly.ts";
export * from "./contracts/admit-types.ts";
export * from "./contracts/admit.ts";
export { MemoryLog } from "./simulation/memory-log.ts";
export { MemoryStore } from "./simulation/memory-store.ts";
export {
  type IncidentTables,
  MemoryIncidentStores,
  type StoreFault,
} from "./desk/memory-incident-stores.ts";
export { MemoryOutbox } from "./desk/memory-outbox.ts";
export { Desk, type DeskOptions } from "./desk/desk.ts";
export { DeskError } from "./desk/desk-error.ts";
export { Sender, type SenderHooks, type SenderOptions } from "./desk/sender.ts";
export { middle } from "./incidents/short-text.ts";
export { incidentRow } from "./incidents/incident-row.ts";
export { heldBack, type HeldBack } from "./incidents/held-back.ts";
export { severityOf, wakes } from "./incidents/severity.ts";
export { acknowledgementMs, ALERTING_TIMES, snoozeMostMs } from "./incidents/alerting-times.ts";
export { step } from "./incidents/step.ts";
export type { StepContext, StepInput, StepResult } from "./incidents/step-types.ts";
