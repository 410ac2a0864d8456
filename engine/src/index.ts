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
export * from "./model/blind-interval.ts";
export * from "./model/evidence.ts";
export * from "./model/people.ts";
export * from "./model/rows.ts";
export * from "./model/views.ts";
export * from "./ports/clock.ts";
export * from "./ports/partition-log.ts";
export * from "./ports/stores.ts";
export * from "./scoring/median-trend.ts";
export { joinFact } from "./jobs/join-fact.ts";
export { joinSummary } from "./jobs/join.ts";
export { columnsOf, counterOf, joinStoredSummaries } from "./jobs/run-columns.ts";
export { currentStage, isoOf, progressOf, progressView } from "./jobs/board-rows.ts";
export { decodeSummary, encodeSummary } from "./jobs/summary-codec.ts";
export {
  emptySummary,
  type Ending,
  type ErrorNote,
  type RunSummary,
  type StageSummary,
} from "./jobs/run-summary.ts";
export { digestOf, DigestRing, type RunDigest, stateOf } from "./jobs/run-digest.ts";
export { JobActor } from "./jobs/job-actor.ts";
export { Board } from "./board/board.ts";
export { dashboardOf, metricsOf } from "./board/dashboard.ts";
export { isActive, leavesAt, needsAttention } from "./board/shelf-life.ts";
export { partitionsOf, Shard, type ShardOptions } from "./shards/shard.ts";
export type { DeadLetter, FromShard, ShardStats, ToShard } from "./shards/messages.ts";
export { nightPlan, type NightOptions, type NightPlan } from "./sample/night-plan.ts";
export type {
  NativeObservation,
  NativeParent,
  TimedObservation,
} from "./sample/native-observation.ts";
export { sampleNight } from "./sample/sample-night.ts";
export { sampleHistory, type HistoryOptions } from "./sample/sample-history.ts";
export * from "./masking/mask-kind.ts";
export * from "./masking/mask-text.ts";
export * from "./masking/mask-json.ts";
export * from "./masking/clean-text.ts";
export * from "./contracts/admit-types.ts";
export * from "./contracts/admit.ts";
