import {
  type Admitted,
  MASK_KINDS,
  type MaskedDay,
  type MaskTally,
  type Rejection,
  type Source,
  type SourceStore,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

const DAY_LENGTH = "YYYY-MM-DD".length;

/** Collects rejections, counts of what was masked and last-seen times and writes them together, so that no request costs a write for them. */
export class IntakeNotes {
  #rejections: Rejection[] = [];
  #seen = new Map<string, number>();
  /** Sources heard of since they were last written. */
  #heard = new Set<string>();
  #masked = new Map<string, MaskedDay>();

  add(source: Source, admitted: Admitted, receivedAt: number): void {
    this.#seen.set(source.sourceId, receivedAt);
    this.#heard.add(source.sourceId);
    this.keep(admitted.rejections);
    this.#count(source.sourceId, admitted.masked, receivedAt);
  }

  /** Holds rejections for the next write; beyond the limit they are only counted in replies and metrics. */
  keep(rejections: readonly Rejection[]): void {
    const room = API_LIMITS.rejectionsHeld - this.#rejections.length;
    this.#rejections.push(...rejections.slice(0, Math.max(0, room)));
  }

  /** Newest receipt of each source since the start, by its id. */
  get seen(): ReadonlyMap<string, number> {
    return this.#seen;
  }

  /** Newest receipt of each source since start. */
  lastSeenAt(): number | null {
    return this.#seen.size === 0 ? null : Math.max(...this.#seen.values());
  }

  /** Writes what is held. What the store did not take is held for the next time. */
  async flush(sources: Pick<SourceStore, "reject" | "touch" | "countMasked">): Promise<void> {
    const rejections = this.#rejections;
    this.#rejections = [];
    try {
      if (rejections.length > 0) await sources.reject(rejections);
    } catch (error) {
      this.keep(rejections);
      throw error;
    }
    const masked = [...this.#masked.values()];
    this.#masked = new Map();
    try {
      if (masked.length > 0) await sources.countMasked(masked);
    } catch (error) {
      for (const one of masked) this.#hold(one);
      throw error;
    }
    const heard = this.#heard;
    this.#heard = new Set();
    try {
      if (heard.size > 0) await sources.touch(this.#seenOf(heard));
    } catch (error) {
      for (const sourceId of heard) this.#heard.add(sourceId);
      throw error;
    }
  }

  #seenOf(
    sourceIds: ReadonlySet<string>,
  ): readonly { readonly sourceId: string; readonly lastSeenAt: number }[] {
    return [...sourceIds].map((sourceId) => ({
      sourceId,
      lastSeenAt: this.#seen.get(sourceId) ?? 0,
    }));
  }

  #count(sourceId: string, { hidden, kept }: MaskTally, receivedAt: number): void {
    for (const kind of MASK_KINDS) {
      const one = { hidden: hidden[kind] ?? 0, kept: kept[kind] ?? 0 };
      if (one.hidden + one.kept === 0) continue;
      const day = new Date(receivedAt).toISOString().slice(0, DAY_LENGTH);
      this.#hold({ sourceId, day, kind, ...one });
    }
  }

  /** One entry for each source, day and kind: no more than there are sources, however long the store is away. */
  #hold(more: MaskedDay): void {
    const key = `${more.sourceId} ${more.day} ${more.kind}`;
    const known = this.#masked.get(key);
    const hidden = (known?.hidden ?? 0) + more.hidden;
    this.#masked.set(key, { ...more, hidden, kept: (known?.kept ?? 0) + more.kept });
  }
}
