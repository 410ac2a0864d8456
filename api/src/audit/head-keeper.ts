import { type AuditHead, type AuditStore, signedBeginning, signedHead } from "@batchwatch/engine";
import type { Logger } from "../logger.ts";
import { API_LIMITS } from "../options.ts";
import { emptyHead, type HeadFile, newestOf } from "./head-file.ts";

export interface HeadKeeperOptions {
  readonly audit: Pick<AuditStore, "head" | "ends">;
  readonly file: HeadFile;
  readonly key: Buffer;
  readonly logger: Logger;
  readonly now: () => number;
}

const GONE =
  "The file of audit heads was gone and was begun anew: compare with a kept copy (batchwatch audit verify --heads FILE).";
const SHRUNK =
  "Lines were taken out of the file of audit heads: compare with a kept copy (batchwatch audit verify --heads FILE).";

/** Writes the trail's newest head beside the store within a second of each append, and says it in the log now and then. */
export class HeadKeeper {
  readonly #options: HeadKeeperOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #storeId: string | null = null;
  #kept: AuditHead | null = null;
  #looking: Promise<void> | null = null;
  /** Bytes of the file after what was last done to it; null: not known. Others only add to it. */
  #size: number | null = null;
  #trouble: string | null = null;

  constructor(options: HeadKeeperOptions) {
    this.#options = options;
  }

  /** The newest head that is kept; null: none yet. */
  get kept(): AuditHead | null {
    return this.#kept;
  }

  /** What is wrong with the file of heads, for health; null: nothing. It stays until the next start; the file itself says it from then on. */
  get trouble(): string | null {
    return this.#trouble;
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
      this.#trouble = GONE;
      this.#kept = head;
      await this.#add(head, true);
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
    const { audit, now } = this.#options;
    await this.#lookAtFile();
    const head = (await audit.head()) ?? emptyHead(now());
    if (head.mac === this.#kept?.mac) return;
    await this.#add(head, false);
  }

  /** Others add lines; whoever takes some away is noticed while this runs, and the file says so from then on. */
  async #lookAtFile(): Promise<void> {
    if (this.#size === null || this.#kept === null) return;
    const size = await this.#options.file.size();
    if (size !== null && size >= this.#size) return;
    this.#trouble = size === null ? GONE : SHRUNK;
    const seq = this.#kept.seq;
    if (size === null) {
      this.#options.logger.error(
        { seq },
        "the file of audit heads was taken away; it is begun anew",
      );
    } else this.#options.logger.error({ seq }, "lines were taken out of the file of audit heads");
    await this.#add(this.#kept, true);
  }

  async #add(head: AuditHead, begun: boolean): Promise<void> {
    const { audit, file, key, now } = this.#options;
    this.#storeId ??= (await audit.ends()).storeId;
    const signed = begun ? signedBeginning : signedHead;
    try {
      await file.add(signed(key, this.#storeId, head), now());
      this.#kept = head;
    } finally {
      this.#size = await file.size();
    }
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
