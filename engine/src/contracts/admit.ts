import { takeMasks } from "../masking/tally.ts";
import { LIMITS } from "../model/limits.ts";
import type { Admitted, AdmitRequest, PlacedFact, ReadContext } from "./admit-types.ts";
import { Intake, refusalOf } from "./intake.ts";
import { readNative } from "./native.ts";
import { readOpenLineage } from "./openlineage.ts";
import { MetJobs } from "./met-jobs.ts";
import { checkKeys, decodeBody, parseJson } from "./parse-body.ts";
import { Refusal } from "./refusal.ts";
import { batchReply, nativeReply } from "./replies.ts";
import { readQuickly } from "./read-quickly.ts";
import { areLines, arrayMembers, type Member, nativeMembers } from "./split-members.ts";

const STATUS_OF_CODE: ReadonlyMap<string, number> = new Map([
  ["body_too_large", 413],
  ["too_many_members", 413],
]);
/** Bytes of an unreadable body that are looked at for its excerpt. */
const EXCERPT_BYTES = 4_096;
const lenientDecoder = new TextDecoder("utf-8");

const met = new MetJobs();

type Reader = (member: unknown, context: ReadContext) => PlacedFact;

/**
 * Reads one request of any contract: parse, validate, mask, normalise, group by partition.
 * Pure, and total over bytes: whatever they are, the answer says what was wrong with them.
 */
export function admit(request: AdmitRequest): Admitted {
  takeMasks();
  const quickly = admittedQuickly(request);
  if (quickly !== null) return quickly;
  takeMasks();
  const intake = new Intake(request);
  let text: string | null = null;
  try {
    text = decodeBody(request.bytes);
    return admitted(intake, replyTo(text, request, intake));
  } catch (error) {
    const refusal = refusalOf(error);
    intake.refuseBody(refusal, text ?? excerptOf(request.bytes));
    const reply = { status: STATUS_OF_CODE.get(refusal.code) ?? 400, body: refusal.body() };
    return admitted(intake, reply);
  }
}

function admitted(intake: Intake, reply: Admitted["reply"]): Admitted {
  const { rejections, accepted } = intake;
  for (const jobId of intake.jobIds) met.meet(jobId);
  const unmetJobs = met.takeUnmet();
  const records = intake.records();
  return { reply, records, rejections, accepted, unmetJobs, masked: takeMasks() };
}

/** Null when the request is not of the kind that is read this way; then nothing was done. */
function admittedQuickly(request: AdmitRequest): Admitted | null {
  const { contract, bytes, contentType = null, jobs } = request;
  if (contract !== "native" || jobs !== undefined || areLines(contentType)) return null;
  if (bytes.byteLength > LIMITS.bodyBytes) return null;
  const intake = new Intake(request);
  const read = readQuickly(bytes, request, {
    // Its job was met with the run.
    known: (placed) => intake.addKnown(placed),
    other: (index, value, suspect) =>
      readOne(index, { type: "parsed", value, suspect }, readNative, request, intake),
  });
  return read ? admitted(intake, nativeReply(intake)) : null;
}

function replyTo(text: string, request: AdmitRequest, intake: Intake): Admitted["reply"] {
  if (request.contract === "native") {
    const members = nativeMembers(text, request.bytes, request.contentType ?? null);
    readAll(members, readNative, request, intake);
    return nativeReply(intake);
  }
  if (request.contract === "openlineage-batch") {
    const members = arrayMembers(text, request.bytes);
    readAll(members, readOpenLineage, request, intake);
    return batchReply(intake, members.length);
  }
  const { value, suspect } = parseJson(text, request.bytes);
  if (suspect) checkKeys(value);
  intake.add(allowed(readOpenLineage(value, request), request));
  return { status: 201, body: null };
}

function readAll(
  members: readonly Member[],
  read: Reader,
  request: AdmitRequest,
  intake: Intake,
): void {
  for (const [index, member] of members.entries()) readOne(index, member, read, request, intake);
}

/** Null: it was refused. */
function readOne(
  index: number,
  member: Member,
  read: Reader,
  request: AdmitRequest,
  intake: Intake,
): PlacedFact | null {
  if (member.type === "unreadable") {
    intake.refuse(index, member.text, member.refusal);
    return null;
  }
  try {
    if (member.suspect) checkKeys(member.value);
    const placed = allowed(read(member.value, request), request);
    intake.add(placed);
    return placed;
  } catch (error) {
    intake.refuse(index, member.value, error);
    return null;
  }
}

/** Refuses a fact of a new job where its source may have no more (SUP-7). */
function allowed(placed: PlacedFact, { jobs }: AdmitRequest): PlacedFact {
  if (placed.fact.type !== "observation") return placed;
  if (jobs === undefined || jobs.admits(placed.fact.jobId)) return placed;
  const message =
    `This source has its ${jobs.limit} jobs, so a fact of another one is refused; its known jobs go on. ` +
    "The usual cause is job names that hold a date or a number of the run: that part belongs in the run's id.";
  throw new Refusal("too_many_jobs", message);
}

function excerptOf(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes.subarray(0, EXCERPT_BYTES));
}
