import { keptText, maskJson } from "../masking/mask-json.ts";
import type { Fact, JournalRecord } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import { MANY_PARTITIONS } from "../model/record/record-format.ts";
import { encodeRecord } from "../model/record/record-writer.ts";
import type { Rejection } from "../ports/stores.ts";
import type { AdmitRequest, PlacedFact } from "./admit-types.ts";
import { type ErrorBody, Refusal } from "./refusal.ts";

/** A refused member and its place in the request. */
export interface RefusedMember extends ErrorBody {
  readonly index: number;
}

/** Collects what one request brings: facts by partition, refusals by member. */
export class Intake {
  readonly #request: AdmitRequest;
  readonly #facts = new Map<number, Fact[]>();
  readonly #jobIds = new Set<string>();
  readonly refused: RefusedMember[] = [];
  readonly rejections: Rejection[] = [];
  accepted = 0;

  constructor(request: AdmitRequest) {
    this.#request = request;
  }

  /** Jobs of what was added and not known, as they came: only a request that counts meets them. */
  get jobIds(): Iterable<string> {
    return this.#jobIds;
  }

  add(placed: PlacedFact): void {
    if (placed.fact.type === "observation") this.#jobIds.add(placed.fact.jobId);
    this.addKnown(placed);
  }

  /** A fact of a run that was met before. */
  addKnown(placed: PlacedFact): void {
    const facts = this.#facts.get(placed.partition);
    if (facts === undefined) this.#facts.set(placed.partition, [placed.fact]);
    else facts.push(placed.fact);
    this.accepted += 1;
  }

  /** Keeps the refusal of a parsed member. Anything but a {@link Refusal} is a defect and passes through. */
  refuse(index: number, member: unknown, error: unknown): void {
    const refusal = refusalOf(error);
    this.refused.push({ index, ...refusal.body() });
    if (this.#isFull()) return;
    const excerpt =
      typeof member === "string" ? unescaped(member) : JSON.stringify(maskJson(member));
    this.#keep(refusal, excerpt ?? "");
  }

  /** Keeps the refusal of a whole body. */
  refuseBody(refusal: Refusal, text: string): void {
    this.#keep(refusal, unescaped(text));
  }

  /** One record of all facts; none when there is no fact. */
  records(): JournalRecord[] {
    const [partition, another] = this.#facts.keys();
    if (partition === undefined) return [];
    const { contract, receivedAt, source } = this.#request;
    return [
      {
        partition: another === undefined ? partition : MANY_PARTITIONS,
        receivedAt,
        contract: contract === "native" ? "native" : "openlineage",
        sourceId: source.sourceId,
        bytes: encodeRecord(this.#facts, receivedAt),
      },
    ];
  }

  #isFull(): boolean {
    return this.rejections.length >= LIMITS.rejectionsPerSource;
  }

  #keep(refusal: Refusal, excerpt: string): void {
    if (this.#isFull()) return;
    this.rejections.push({
      sourceId: this.#request.source.sourceId,
      receivedAt: this.#request.receivedAt,
      contract: this.#request.contract,
      code: refusal.code,
      message: refusal.message,
      excerpt: keptText(excerpt, LIMITS.rejectionExcerptLength),
    });
  }
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** JSON that was never parsed may spell what a mask looks for in escapes. */
function unescaped(json: string): string {
  return json.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
