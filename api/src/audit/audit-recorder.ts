import type { AuditFact } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { AuditAwayError } from "./audit-away.ts";

export interface AuditRecorderOptions {
  readonly append: (facts: readonly AuditFact[]) => Promise<unknown>;
  /** A fact that nobody waited for could not be recorded. */
  readonly onLost: (error: unknown) => void;
}

interface Waiting {
  readonly fact: AuditFact;
  readonly done: () => void;
  readonly failed: (error: AuditAwayError) => void;
}

/**
 * Records facts of reading, which have no transaction of their own. What comes while an append is under way goes into the next one
 * together: fifty readers at once make two commits, not fifty.
 */
export class AuditRecorder {
  readonly #options: AuditRecorderOptions;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(options: AuditRecorderOptions) {
    this.#options = options;
  }

  /** Resolves when the fact is on disk. Fails with {@link AuditAwayError}: then what it tells of must not happen. */
  record(fact: AuditFact): Promise<void> {
    if (this.#waiting.length >= API_LIMITS.auditFactsWaiting) {
      return Promise.reject(new AuditAwayError(new Error("Too many facts wait.")));
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ fact, done, failed });
      this.#running ??= this.#work();
    });
  }

  /** Records what has happened already. @param onLost called as well when it could not be */
  note(fact: AuditFact, onLost: () => void = () => {}): void {
    this.record(fact).catch((error: unknown) => {
      onLost();
      this.#options.onLost(error);
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #work(): Promise<void> {
    // What comes in the same turn goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, API_LIMITS.auditFactsAtOnce);
      try {
        await this.#options.append(batch.map(({ fact }) => fact));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(new AuditAwayError(error));
      }
    }
    this.#running = null;
  }
}
