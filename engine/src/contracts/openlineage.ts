import type { ObservationKind } from "../model/fact.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { readNote } from "./lineage-note.ts";
import { draftOf, type ObservationDraft, placed } from "./observation-draft.ts";
import {
  datasetsOf,
  errorMessageOf,
  nominalTimeOf,
  ownerClaimOf,
  paramsOf,
  parentRunOf,
} from "./openlineage-facets.ts";
import { businessDateOf } from "./read-business-date.ts";
import { readTime } from "./read-time.ts";
import { isObject, type Members, readName, readObject, readString } from "./readers.ts";
import { Refusal } from "./refusal.ts";
import { rememberedRun } from "./run-memory.ts";
import { dayOf } from "./zone-time.ts";

const KIND_OF_TYPE: ReadonlyMap<unknown, ObservationKind> = new Map<unknown, ObservationKind>([
  ["START", "started"],
  ["RUNNING", "progress"],
  ["COMPLETE", "succeeded"],
  ["FAIL", "failed"],
  ["ABORT", "stopped"],
  ["OTHER", "log"],
]);
const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One OpenLineage event: a run event becomes an observation, a job or dataset event a note. Throws {@link Refusal}. */
export function readOpenLineage(event: unknown, context: ReadContext): PlacedFact {
  if (!isObject(event)) {
    throw new Refusal("wrong_type", "An OpenLineage event must be a JSON object.");
  }
  if (event["producer"] != null) readString(event["producer"], "producer");
  const { zone } = context.source;
  const at = readTime(event["eventTime"], "eventTime", zone, context.receivedAt);
  const isRunEvent = event["run"] != null || event["eventType"] != null;
  if (isRunEvent) return readRunEvent(event, at, context);
  if (event["job"] != null && event["dataset"] != null) {
    throw new Refusal("invalid_event", "An event without a run has a job or a dataset, not both.");
  }
  if (event["dataset"] != null) return readNote("dataset", event, at, context);
  if (event["job"] != null) return readNote("job", event, at, context);
  const message = "run is missing; an event must have a run and a job, a job, or a dataset";
  throw new Refusal("missing_field", message, "run");
}

function readRunEvent(event: Members, at: number, context: ReadContext): PlacedFact {
  const { source } = context;
  const run = readObject(event["run"], "run");
  const job = readObject(event["job"], "job");
  const runFacets = membersOf(run["facets"]);
  const namespace = readName(job["namespace"], "job.namespace");
  const name = readName(job["name"], "job.name");
  const known = rememberedRun(source.sourceId, namespace, name, readRunId(run["runId"]));
  const draft = draftOf(
    {
      run: known,
      kind: readKind(event["eventType"]),
      at,
      team: ownerClaimOf(membersOf(job["facets"])),
    },
    context,
  );
  const parent = parentRunOf(runFacets, source.sourceId);
  if (parent !== null) draft.parent = parent;
  const nominalAt = nominalTimeOf(runFacets, context);
  if (nominalAt !== null) draft.nominalAt = nominalAt;
  const message = errorMessageOf(runFacets);
  if (message !== null) draft.message = message;
  const inputs = datasetsOf(event["inputs"], "inputFacets", "inputStatistics");
  if (inputs.length > 0) draft.inputs = inputs;
  const outputs = datasetsOf(event["outputs"], "outputFacets", "outputStatistics");
  if (outputs.length > 0) draft.outputs = outputs;
  const params = paramsOf(runFacets, context.keeps);
  if (params !== null) draft.params = params;
  addBusinessDate(draft, context);
  return placed(draft, known);
}

/** A parameter states the business date; the nominal time only suggests it. */
function addBusinessDate(draft: ObservationDraft, context: ReadContext): void {
  const { zone, businessDateParams } = context.source;
  const stated = businessDateOf(draft.params ?? {}, businessDateParams);
  if (stated !== null) {
    draft.businessDate = stated;
    draft.businessDateOrigin = "PARAMETER";
  } else if (draft.nominalAt !== undefined) {
    draft.businessDate = dayOf(draft.nominalAt, zone);
    draft.businessDateOrigin = "NOMINAL";
  }
}

function readRunId(value: unknown): string {
  const runId = readString(value, "run.runId");
  if (RUN_ID.test(runId)) return runId;
  throw new Refusal("invalid_run_id", "run.runId must be a UUID", "run.runId");
}

/** A run event without an `eventType` says something about the run, but not its state. */
function readKind(value: unknown): ObservationKind {
  const kind = value == null ? "log" : KIND_OF_TYPE.get(value);
  if (kind !== undefined) return kind;
  const message = `eventType must be one of ${[...KIND_OF_TYPE.keys()].join(", ")}`;
  throw new Refusal("invalid_event_type", message, "eventType");
}

function membersOf(value: unknown): Members {
  return isObject(value) ? value : {};
}
