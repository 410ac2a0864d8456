import type {
  ApprovalCounts,
  ApprovalStore,
  ChangeRequest,
  Notification,
  OutboxStore,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { Refresher } from "../refresher.ts";

/** What the log says: these words and no others. */
export type ApprovalTrouble =
  | "change requests could not be looked at"
  | "change requests whose time is over could not be ended; it is tried again"
  | "those who could approve a change could not be told of it";

export interface ApprovalWatchOptions {
  readonly approvals: Pick<ApprovalStore, "sweep" | "counts" | "underBreakGlass">;
  readonly outbox: Pick<OutboxStore, "add">;
  /** The messages about a request, with ids that are the same whenever they are made. */
  readonly noticesOf: (request: ChangeRequest) => readonly Notification[];
  /** Something was taken back: this process looks again. */
  readonly changed: () => Promise<void>;
  readonly now: () => number;
  readonly onError: (error: unknown, what: ApprovalTrouble) => void;
}

/**
 * Keeps time for what waits and for what stands under break-glass. Whatever stands was told of, also when the process that did it died in
 * between: the messages' ids are stable, so that the outbox holds each once.
 */
export class ApprovalWatch {
  readonly #options: ApprovalWatchOptions;
  #counts: ApprovalCounts = { waiting: 0, breakGlass: 0, revertsAt: null };
  #told: ReadonlySet<string> = new Set();
  readonly #refresher = new Refresher(() => this.#look());

  constructor(options: ApprovalWatchOptions) {
    this.#options = options;
  }

  get counts(): ApprovalCounts {
    return this.#counts;
  }

  /** Looks once, so that nothing that should be gone is served, then at intervals. */
  async start(): Promise<void> {
    await this.look();
    const { onError } = this.#options;
    this.#refresher.start(API_LIMITS.approvalSweepMs, (error) =>
      onError(error, "change requests could not be looked at"),
    );
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#refresher.stop();
    await this.look();
  }

  /** Looks now; what cannot be done is reported and tried again at the next look. */
  look(): Promise<void> {
    return this.#refresher.refresh();
  }

  /** Promises the messages about a request, without waiting for it; what fails under break-glass is made up for by the next look. */
  announce(request: ChangeRequest): void {
    if (request.mode !== "set-up") void this.#tell(request);
    void this.look();
  }

  async #look(): Promise<void> {
    const { approvals, changed, now, onError } = this.#options;
    try {
      const ended = await approvals.sweep(now());
      if (ended.length > 0) await changed();
      this.#counts = await approvals.counts();
      const standing = this.#counts.breakGlass === 0 ? [] : await approvals.underBreakGlass();
      const told = new Set<string>();
      for (const request of standing) {
        const { requestId } = request;
        if (this.#told.has(requestId) || (await this.#tell(request))) told.add(requestId);
      }
      this.#told = told;
    } catch (error) {
      onError(error, "change requests whose time is over could not be ended; it is tried again");
    }
  }

  async #tell(request: ChangeRequest): Promise<boolean> {
    const { outbox, noticesOf, onError } = this.#options;
    try {
      for (const notice of noticesOf(request)) await outbox.add(notice);
      return true;
    } catch (error) {
      onError(error, "those who could approve a change could not be told of it");
      return false;
    }
  }
}
