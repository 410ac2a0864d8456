import { AUDIT_GENESIS, type AuditHead, type AuditStore, signedHead } from "@batchwatch/engine";
import type { Logger } from "../logger.ts";
import { API_LIMITS } from "../options.ts";
import { type HeadFile, newestOf } from "./head-file.ts";

export interface HeadKeeperOptions {
  readonly audit: Pick<AuditStore, "head" | "ends">;
  readonly file: HeadFile;
  readonly key: Buffer;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Writes the trail's newest head beside the store within a second of each append, and says it in the log now and then. */
export class HeadKeeper {
  readonly #options: HeadKeeperOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #storeId: string | null = null;
  #kept: AuditHead | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: HeadKeeperOptions) {
    this.#options = options;
  }

  /** The newest head that is kept; null: none yet. */
  get kept(): AuditHead | null {
    return this.#kept;
  }

  async start(): Promise<void> {
    await this.#begin().catch((error: unknown) => this.#failed(error));
    const every = (ms: number, work: () => Promise<void>) => {
      const run = () => void work().catch((error: unknown) => this.#failed(error));
      this.#timers.push(setInterval(run, ms).unref());
    };
    every(API_LIMITS.auditHeadMs, () => this.look());
    every(API_LIMITS.auditHeadLogMs, async () => this.#say());
  }

  /** The last appends get their head before it resolves. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.look().catch((error: unknown) => this.#failed(error));
    this.#say();
  }

  /** Keeps the head as it is now, unless it is kept already. One look at a time. */
  async look(): Promise<void> {
    while (this.#looking !== null) await this.#looking.catch(() => {});
    this.#looking = this.#keep();
    try {
      await this.#looking;
    } finally {
      this.#looking = null;
    }
  }

  async #begin(): Promise<void> {
    const { file, logger, now } = this.#options;
    await file.thinOut(now());
    const lines = await file.read();
    const head = await this.#options.audit.head();
    const known = newestOf(lines);
    if (lines.length === 0 && head !== null) {
      logger.warn({}, "the file of audit heads is missing; it is begun anew");
    }
    if (known !== null && known.seq > (head?.seq ?? 0)) {
      logger.error(
        { from: head?.seq ?? 0, to: known.seq },
        "the audit trail is shorter than it was; see: batchwatch audit verify",
      );
    }
    await this.look();
  }

  async #keep(): Promise<void> {
    const { audit, file, key, now } = this.#options;
    // An empty trail has a head as well: from then on a missing file is one that somebody took away.
    const head = (await audit.head()) ?? { seq: 0, mac: AUDIT_GENESIS, at: now() };
    if (head.mac === this.#kept?.mac) return;
    this.#storeId ??= (await audit.ends()).storeId;
    await file.add(signedHead(key, this.#storeId, head), now());
    this.#kept = head;
  }

  #say(): void {
    const { key, logger } = this.#options;
    if (this.#kept === null || this.#storeId === null) return;
    const { storeId, seq, mac, at, seal } = signedHead(key, this.#storeId, this.#kept);
    logger.info({ storeId, seq, mac, at, seal }, "the newest head of the audit trail");
  }

  #failed(error: unknown): void {
    this.#options.logger.warn({ err: error }, "the head of the audit trail could not be kept");
  }
}
