import type { AuditEnds, AuditHead, AuditRecord, AuditVerdict } from "../model/audit.ts";
import { AUDIT_GENESIS, auditMac } from "./chain.ts";
import { type HeadLine, isFragment, isOurAnchor, isOurHead } from "./heads.ts";

export interface ChainCheckOptions {
  readonly key: Buffer;
  readonly ends: AuditEnds;
  /** The lines of the head file, in their order; empty: there is none. */
  readonly heads: readonly HeadLine[];
  /** Lines of a copy of that file, or of the log, that was kept elsewhere; absent: none. */
  readonly kept?: readonly HeadLine[];
}

interface Broken {
  readonly at: number | null;
  readonly finding: string;
}

/**
 * Checks a trail page by page, ascending, and names the first record that is wrong, in words. It is a pure function of what it is given.
 * The chain shows what was changed, dropped, put in or reordered; the heads kept outside of the store show a cut-off end and a
 * store that was put back to an older state.
 */
export class ChainCheck {
  readonly #key: Buffer;
  readonly #ends: AuditEnds;
  readonly #lines: number;
  /** Good heads of this store that are still to come, by place. */
  readonly #heads: ReadonlyMap<number, AuditHead>;
  readonly #newestHead: AuditHead | null;
  readonly #headTrouble: string | null;
  /** Where the file of heads was begun anew last; null: it is as old as the trail. */
  readonly #begun: AuditHead | null;
  /** The newest place that a copy kept elsewhere knows of from before that. */
  readonly #keptTo: AuditHead | null;
  readonly #fragments: number;
  #broken: Broken | null = null;
  #records = 0;
  #last: AuditHead | null = null;
  #agreed = 0;

  constructor({ key, ends, heads, kept = [] }: ChainCheckOptions) {
    this.#key = key;
    this.#ends = ends;
    const whole = heads.filter((line, index) => !isFragment(line, heads[index + 1]));
    this.#fragments = heads.length - whole.length;
    this.#lines = heads.length;
    // Of a copy only what says something counts: it may be a log.
    const copied = kept.filter(({ head }) => head !== null);
    this.#headTrouble =
      headTrouble(key, ends.storeId, whole, "the file of heads") ??
      headTrouble(key, ends.storeId, copied, "the kept copy");
    const goodOf = (lines: readonly HeadLine[]) =>
      lines.flatMap(({ head }) =>
        head !== null && head.storeId === ends.storeId && isOurHead(key, head) ? [head] : [],
      );
    const [own, copy] = [goodOf(whole), goodOf(copied)];
    const begun = own.findLast((head) => head.begun === true) ?? null;
    this.#begun = begun !== null && begun.seq > (ends.anchor?.seq ?? 0) ? begun : null;
    const first = copy.findIndex((head) => head.begun === true);
    this.#keptTo = newestOf(first === -1 ? copy : copy.slice(0, first));
    const good = [...copy, ...own];
    // Of two that name one place the first counts: the later one may be of a store that was put back.
    this.#heads = new Map(good.toReversed().map((head) => [head.seq, head]));
    this.#newestHead = newestOf(good);
    const { anchor } = ends;
    if (anchor === null) return;
    if (isOurAnchor(key, anchor)) this.#last = anchor;
    else {
      this.#broken = {
        at: anchor.seq,
        finding: `The anchor at record ${anchor.seq}, which says that older ones were removed by retention, is not ours: records were removed by somebody else.`,
      };
    }
  }

  /** The place of the next record that is wanted. */
  get next(): number {
    return (this.#last?.seq ?? 0) + 1;
  }

  /** Takes the next records. False: something is broken, no more are needed. */
  take(records: readonly AuditRecord[]): boolean {
    for (const [index, record] of records.entries()) {
      if (this.#broken !== null) break;
      this.#broken = this.#judge(record, records.slice(index + 1));
      if (this.#broken !== null) break;
      this.#records += 1;
      this.#last = { seq: record.seq, mac: record.mac, at: record.at };
    }
    return this.#broken === null;
  }

  /** There are no more records. */
  end(): AuditVerdict {
    return this.#verdict(this.#broken ?? this.#judgeEnd(), true);
  }

  /** There are more, and no time for them. */
  soFar(): AuditVerdict {
    return this.#verdict(this.#broken, false);
  }

  #judge(record: AuditRecord, later: readonly AuditRecord[]): Broken | null {
    const { seq } = record;
    if (seq > this.next) return missing(this.next, seq - 1);
    if (seq < this.next) {
      return { at: seq, finding: `Record ${seq} comes a second time, or out of its order.` };
    }
    const before = this.#last?.mac ?? AUDIT_GENESIS;
    if (auditMac(this.#key, before, seq, record) !== record.mac) {
      return this.#changed(before, record, later);
    }
    const head = this.#heads.get(seq);
    if (head !== undefined && head.mac !== record.mac) {
      return {
        at: seq,
        finding: `Record ${seq} is not the one whose head was kept at ${iso(head.at)}: the store was put back to an older state, and written on since. Records after ${this.#agreed} up to that time may be missing.`,
      };
    }
    if (head !== undefined) this.#agreed = seq;
    return null;
  }

  #changed(before: string, { seq }: AuditRecord, later: readonly AuditRecord[]): Broken {
    const real = later.find((other) => auditMac(this.#key, before, seq, other) === other.mac);
    const finding =
      real === undefined
        ? `Record ${seq} was changed, or one before it was taken out.`
        : `Record ${seq} is not the one that was written there, which now stands at ${real.seq}: records were reordered, or one was put in.`;
    return { at: seq, finding };
  }

  #judgeEnd(): Broken | null {
    const last = this.#last?.seq ?? 0;
    const head = this.#newestHead;
    const { appended } = this.#ends;
    if (head !== null && head.seq > last) {
      const cut = appended >= head.seq;
      const finding = cut
        ? `Records after ${last} are missing: the head kept at ${iso(head.at)} says ${head.seq}, and so does the store. The end was cut off.`
        : `Records after ${last} are missing: the head kept at ${iso(head.at)} says ${head.seq}, the store knows of ${appended}. It was put back to a backup from before that time.`;
      return { at: last + 1, finding };
    }
    if (appended > last) {
      const finding = `Records after ${last} are missing: the store itself has given out ${appended}. The end was cut off.`;
      return { at: last + 1, finding };
    }
    if (this.#headTrouble !== null) return { at: null, finding: this.#headTrouble };
    if (this.#lines === 0 && last > 0) {
      return {
        at: null,
        finding: `The file of heads is missing: the records are in order up to ${last}, but whether the end was cut off cannot be told.`,
      };
    }
    if (this.#begun === null || this.#keptTo !== null) return null;
    const { seq, at } = this.#begun;
    return {
      at: null,
      finding: `The file of heads was gone, and was begun anew at record ${seq}, which is of ${iso(at)}: the records are in order, but whether some behind ${seq} were cut off before cannot be told. Compare with a copy that was kept elsewhere: batchwatch audit verify --heads FILE.`,
    };
  }

  #verdict(broken: Broken | null, complete: boolean): AuditVerdict {
    return {
      intact: broken === null,
      complete,
      records: this.#records,
      brokenAt: broken?.at ?? null,
      finding: broken?.finding ?? this.#wellWords(complete),
      head: this.#last,
    };
  }

  #wellWords(complete: boolean): string {
    const { anchor } = this.#ends;
    const removed =
      anchor === null
        ? ""
        : ` Older ones, up to ${anchor.seq}, were removed by retention until ${iso(anchor.at)}.`;
    const last = this.#last?.seq ?? 0;
    if (!complete) {
      return `${this.#records} records are intact, up to ${last}; the time was over before the end. The whole of it: batchwatch audit verify.`;
    }
    if (this.#records === 0) return `There are no records.${removed}`;
    const first = last - this.#records + 1;
    return `${this.#records} records are intact, ${first} to ${last}.${removed}${this.#headWords()}`;
  }

  #headWords(): string {
    const copy = this.#keptTo === null ? "" : ` The kept copy agrees up to ${this.#keptTo.seq}.`;
    const begun =
      this.#begun === null ? "" : ` The file of heads was begun anew at ${this.#begun.seq}.`;
    const words = this.#fragments === 1 ? "1 line" : `${this.#fragments} lines`;
    const cut = ` ${words} of the file of heads, never written whole, were skipped.`;
    return `${copy}${begun}${this.#fragments === 0 ? "" : cut}`;
  }
}

function newestOf<T extends AuditHead>(heads: readonly T[]): T | null {
  return heads.reduce<T | null>(
    (newest, head) => (newest === null || head.seq > newest.seq ? head : newest),
    null,
  );
}

function missing(from: number, to: number): Broken {
  const finding =
    from === to ? `Record ${from} is missing.` : `Records ${from} to ${to} are missing.`;
  return { at: from, finding };
}

/** What is wrong with the file of heads itself, or a copy of it; null: nothing. */
function headTrouble(
  key: Buffer,
  storeId: string,
  lines: readonly HeadLine[],
  where: string,
): string | null {
  for (const { line, head } of lines) {
    if (head === null) return `Line ${line} of ${where} cannot be read: it was changed.`;
    if (!isOurHead(key, head)) {
      return `Line ${line} of ${where} was changed: its seal is not ours.`;
    }
    if (head.storeId !== storeId) {
      return `Line ${line} of ${where} is of another store: this one was put in its place.`;
    }
  }
  return null;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
