import { keptText } from "../masking/mask-json.ts";
import { OBSERVATION_KINDS, type ObservationKind } from "../model/fact.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { readDatasets, readMetrics, readParams } from "./native-maps.ts";
import { readCounters, readParent, readProgress, readStage } from "./native-parts.ts";
import { draftOf, type ObservationDraft, placed } from "./observation-draft.ts";
import { businessDateOf } from "./read-business-date.ts";
import { readTime } from "./read-time.ts";
import { isObject, type Members, readObject, readString } from "./readers.ts";
import { Refusal, shown } from "./refusal.ts";
import { readRun } from "./run-memory.ts";

const KINDS: ReadonlySet<unknown> = new Set(OBSERVATION_KINDS);

function isKind(value: unknown): value is ObservationKind {
  return KINDS.has(value);
}

const DEFAULT_NAMESPACE = "default";

/** Every key a member may have; `id` and `source` are allowed and not used. */
const KEYS: ReadonlySet<string> = new Set([
  "id",
  "source",
  "job",
  "run",
  "stage",
  "kind",
  "at",
  "progress",
  "counters",
  "metrics",
  "message",
  "exitCode",
  "datasets",
  "params",
]);

/** One member of the native contract as a fact. Optional fields may be null. Throws {@link Refusal}. */
export function readNative(member: unknown, context: ReadContext): PlacedFact {
  if (!isObject(member)) throw new Refusal("wrong_type", "Each observation must be a JSON object.");
  for (const key in member) if (!KEYS.has(key)) throw unknownField(key);
  const job = readObject(member["job"], "job");
  const run = readObject(member["run"], "run");
  const { sourceId, zone } = context.source;
  const known = readRun(sourceId, job["namespace"] ?? DEFAULT_NAMESPACE, job["name"], run["id"]);
  const draft = draftOf(
    {
      run: known,
      kind: readKind(member["kind"]),
      at: readTime(member["at"], "at", zone, context.receivedAt),
      team: job["team"] == null ? null : keptText(readString(job["team"], "job.team")),
    },
    context,
  );
  if (run["parent"] != null) draft.parent = readParent(run["parent"], known, sourceId);
  addDetails(draft, member, context);
  return placed(draft, known);
}

function addDetails(draft: ObservationDraft, member: Members, context: ReadContext): void {
  if (member["stage"] != null) draft.stage = readStage(member["stage"]);
  if (member["progress"] != null) draft.progress = readProgress(member["progress"]);
  if (member["counters"] != null) draft.counters = readCounters(member["counters"]);
  if (member["metrics"] != null) draft.metrics = readMetrics(member["metrics"]);
  if (member["message"] != null) draft.message = keptText(readString(member["message"], "message"));
  if (member["exitCode"] != null) draft.exitCode = readExitCode(member["exitCode"]);
  if (member["datasets"] != null) {
    const datasets = readObject(member["datasets"], "datasets");
    if (datasets["in"] != null) draft.inputs = readDatasets(datasets["in"], "datasets.in");
    if (datasets["out"] != null) draft.outputs = readDatasets(datasets["out"], "datasets.out");
  }
  if (member["params"] != null) {
    const params = readParams(member["params"], context.keeps);
    draft.params = params;
    const day = businessDateOf(params, context.source.businessDateParams);
    if (day !== null) {
      draft.businessDate = day;
      draft.businessDateOrigin = "PARAMETER";
    }
  }
}

function readKind(value: unknown): ObservationKind {
  if (isKind(value)) return value;
  const code = value == null ? "missing_field" : "invalid_kind";
  throw new Refusal(code, `kind must be one of ${OBSERVATION_KINDS.join(", ")}`, "kind");
}

function readExitCode(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return keptText(String(value));
  throw new Refusal("wrong_type", "exitCode must be text or a number", "exitCode");
}

function unknownField(key: string): Refusal {
  const field = shown(key);
  const message = `${field} is not a field of an observation; the fields are ${[...KEYS].join(", ")}`;
  return new Refusal("unknown_field", message, field);
}
