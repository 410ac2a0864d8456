import type {
  Admitted,
  AdmitRequest,
  MaskExceptions,
  PartitionLog,
  Source,
} from "@batchwatch/engine";
import { admit } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type Refusal, writeFailure } from "./fullness.ts";
import type { JobRoom } from "./job-room.ts";

export interface GateOptions {
  readonly log: Pick<PartitionLog, "append">;
  /** Admits a large body in another thread; it may give the body's bytes away. */
  readonly door: (request: AdmitRequest) => Promise<Admitted>;
  readonly room: Pick<JobRoom, "enter" | "leave">;
  /** Names of a source's jobs that a rename made; undefined when there are none. */
  readonly aliasesOf: (sourceId: string) => ReadonlyMap<string, string> | undefined;
  /** Fields of a source whose values keep some kinds, by approved exceptions; undefined when there are none. */
  readonly keepsOf: (sourceId: string) => MaskExceptions | undefined;
  /** Why nothing is accepted for now, whatever it is; null when there is room. */
  readonly refusal: () => Refusal | null;
  readonly onAdmitted: (source: Source, admitted: Admitted, receivedAt: number) => void;
  readonly onDefect: (error: unknown) => void;
  readonly now: () => number;
}

export type GateAnswer =
  | { readonly type: "reply"; readonly status: number; readonly body: unknown }
  | ({ readonly type: "busy" } & Refusal);

/**
 * The way in: admit, make durable, and only then answer. It holds no more bytes than its limit; at a limit it
 * says so (503, the producer repeats) instead of queueing without end.
 */
export class Gate {
  readonly #options: GateOptions;
  #bytesInFlight = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  async take(
    contract: AdmitRequest["contract"],
    source: Source,
    bytes: Uint8Array,
    contentType: string | null,
  ): Promise<GateAnswer> {
    // Taken now: the door may be given the bytes themselves.
    const size = bytes.byteLength;
    const full = this.#fullness(size);
    if (full !== null) return full;
    this.#bytesInFlight += size;
    const room = this.#options.room.enter(source.sourceId, size);
    let unmetJobs: readonly string[] = [];
    try {
      const jobs = room === undefined ? undefined : ((await room) ?? undefined);
      const receivedAt = this.#options.now();
      const aliases = this.#options.aliasesOf(source.sourceId);
      const keeps = this.#options.keepsOf(source.sourceId);
      const request = { contract, bytes, contentType, source, aliases, keeps, jobs, receivedAt };
      const admitted = await this.#admit(request);
      if (admitted === null) {
        const message =
          "Batchwatch could not read this; nothing was accepted. The defect is logged.";
        return { type: "reply", status: 500, body: { code: "internal", message } };
      }
      if (jobs === undefined) unmetJobs = admitted.unmetJobs;
      await this.#options.log.append(admitted.records);
      this.#options.onAdmitted(source, admitted, receivedAt);
      return { type: "reply", ...admitted.reply };
    } catch (error) {
      return { type: "busy", ...writeFailure(codeOf(error)) };
    } finally {
      this.#bytesInFlight -= size;
      this.#options.room.leave(source.sourceId, size, unmetJobs);
    }
  }

  /** Null when a defect of ours kept it from being read: repeating it would not help the producer. */
  async #admit(request: AdmitRequest): Promise<Admitted | null> {
    try {
      const inline = request.bytes.byteLength <= API_LIMITS.inlineAdmitBytes;
      // An allowance of jobs is state of this thread, so it keeps a large body here too.
      if (inline || request.jobs !== undefined) return admit(request);
      return await this.#options.door(request);
    } catch (error) {
      this.#options.onDefect(error);
      return null;
    }
  }

  #fullness(bytes: number): GateAnswer | null {
    if (this.#bytesInFlight + bytes > API_LIMITS.intakeBytesInFlight) {
      return {
        type: "busy",
        code: "intake_full",
        message: "Too many requests are under way. Send this again after Retry-After seconds.",
      };
    }
    const refusal = this.#options.refusal();
    return refusal === null ? null : { type: "busy", ...refusal };
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error ? String(error.code) : null;
}
