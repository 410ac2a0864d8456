import type { Admitted, AdmitRequest, PartitionLog, Rejection, Source } from "@batchwatch/engine";
import { admit } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

export interface GateOptions {
  readonly log: Pick<PartitionLog, "append">;
  /** Admits a large body in another thread; it may give the body's bytes away. */
  readonly door: (request: AdmitRequest) => Promise<Admitted>;
  /** Journal rows not yet saved; intake waits while there are too many. */
  readonly unsavedRecords: () => number;
  readonly onAdmitted: (source: Source, admitted: Admitted, receivedAt: number) => void;
  readonly onDefect: (error: unknown) => void;
  readonly now: () => number;
}

export type GateAnswer =
  | { readonly type: "reply"; readonly status: number; readonly body: unknown }
  | { readonly type: "busy"; readonly code: string; readonly message: string };

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
    try {
      const receivedAt = this.#options.now();
      const admitted = await this.#admit({ contract, bytes, contentType, source, receivedAt });
      if (admitted === null) {
        const message =
          "Batchwatch could not read this; nothing was accepted. The defect is logged.";
        return { type: "reply", status: 500, body: { code: "internal", message } };
      }
      await this.#options.log.append(admitted.records);
      this.#options.onAdmitted(source, admitted, receivedAt);
      return { type: "reply", ...admitted.reply };
    } catch (error) {
      return {
        type: "busy",
        code: "not_durable",
        message: `The journal did not take this, so it was not accepted. Send it again. (${reasonOf(error)})`,
      };
    } finally {
      this.#bytesInFlight -= size;
    }
  }

  /** Null when a defect of ours kept it from being read: repeating it would not help the producer. */
  async #admit(request: AdmitRequest): Promise<Admitted | null> {
    try {
      if (request.bytes.byteLength <= API_LIMITS.inlineAdmitBytes) return admit(request);
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
    if (this.#options.unsavedRecords() > API_LIMITS.unsavedJournalRecords) {
      return {
        type: "busy",
        code: "journal_full",
        message: "The store is behind the journal. Send this again after Retry-After seconds.",
      };
    }
    return null;
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  return code ?? "no reason given";
}

/** Collects rejections and last-seen times and writes them together, so that bad input costs no write each. */
export class IntakeNotes {
  #rejections: Rejection[] = [];
  #seen = new Map<string, number>();

  add(source: Source, admitted: Admitted, receivedAt: number): void {
    this.#seen.set(source.sourceId, receivedAt);
    for (const rejection of admitted.rejections) {
      if (this.#rejections.length >= API_LIMITS.rejectionsHeld) return;
      this.#rejections.push(rejection);
    }
  }

  /** Newest receipt of each source since start. */
  lastSeenAt(): number | null {
    return this.#seen.size === 0 ? null : Math.max(...this.#seen.values());
  }

  async flush(sources: {
    reject: (rejections: readonly Rejection[]) => Promise<void>;
    touch: (seen: readonly { sourceId: string; lastSeenAt: number }[]) => Promise<void>;
  }): Promise<void> {
    const rejections = this.#rejections;
    this.#rejections = [];
    if (rejections.length > 0) await sources.reject(rejections);
    if (this.#seen.size > 0) {
      await sources.touch(
        [...this.#seen].map(([sourceId, lastSeenAt]) => ({ sourceId, lastSeenAt })),
      );
    }
  }
}
