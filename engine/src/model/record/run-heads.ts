import { LIMITS } from "../limits.ts";
import type { ByteReader } from "./byte-reader.ts";
import { EXECUTION_ID_BYTES, JOB_ID_BYTES } from "./record-format.ts";

/** What every fact of a run says again. */
export interface RunHead {
  readonly jobId: string;
  readonly executionId: string;
  readonly namespace: string;
  readonly name: string;
  readonly runKey: string;
}

/** A slot holds how long a written head is, in its first byte, and the bytes: what is compared lies side by side. */
const SLOT_BYTES = 256;
/** Longest written head that is remembered, bytes; longer ones are read anew each time. */
const HEAD_BYTES: number = SLOT_BYTES - 1;
const PAGE_SLOTS = 256;
const SLOT_MASK: number = LIMITS.runHeadsRemembered - 1;

/** Some slots; made when the first of them is needed, so that a reader of little costs little. */
class Page {
  readonly heads: (RunHead | null)[] = Array.from({ length: PAGE_SLOTS }, () => null);
  readonly bytes: Uint8Array = new Uint8Array(PAGE_SLOTS * SLOT_BYTES);

  /** How long the head in this slot is, written; 0 when there is none. Bytes. */
  lengthOf(slot: number): number {
    return this.bytes[slot * SLOT_BYTES] ?? 0;
  }

  /** The head in this slot when it is written in just these bytes. */
  find(slot: number, bytes: Uint8Array, from: number): RunHead | null {
    const kept = this.bytes;
    const start = slot * SLOT_BYTES + 1;
    const length = kept[start - 1] ?? 0;
    if (length === 0 || from + length > bytes.length) return null;
    for (let index = 0; index < length; index += 1) {
      if (kept[start + index] !== bytes[from + index]) return null;
    }
    return this.heads[slot] ?? null;
  }

  keep(slot: number, head: RunHead, written: Uint8Array): void {
    this.heads[slot] = head;
    this.bytes[slot * SLOT_BYTES] = written.length;
    this.bytes.set(written, slot * SLOT_BYTES + 1);
  }
}

/**
 * Heads of runs met lately, found by the bytes they are written in: the same text objects are handed out again
 * instead of being made for each fact. A head that differs in any byte is another head, so remembering changes no
 * answer. A run has two slots side by side; the second choice is given up when both are taken.
 */
export class RunHeads {
  readonly #pages: (Page | undefined)[] = Array.from({
    length: LIMITS.runHeadsRemembered / PAGE_SLOTS,
  });

  /** Reads the head at the reader's place. */
  read(reader: ByteReader): RunHead {
    const { at: from, bytes } = reader;
    const place = reader.word() & SLOT_MASK;
    const slot = place % PAGE_SLOTS;
    const page = this.#page((place - slot) / PAGE_SLOTS);
    let used = slot;
    let head = page.find(slot, bytes, from);
    if (head === null) {
      used = slot ^ 1;
      head = page.find(used, bytes, from);
    }
    if (head !== null) {
      reader.at = from + page.lengthOf(used);
      return head;
    }
    reader.at = from;
    head = readHead(reader);
    const written = bytes.subarray(from, reader.at);
    if (written.length <= HEAD_BYTES) {
      page.keep(page.lengthOf(slot) === 0 ? slot : slot ^ 1, head, written);
    }
    return head;
  }

  #page(number: number): Page {
    const known = this.#pages[number];
    if (known !== undefined) return known;
    const page = new Page();
    this.#pages[number] = page;
    return page;
  }
}

function readHead(reader: ByteReader): RunHead {
  const executionId = reader.hex(EXECUTION_ID_BYTES);
  const jobId = reader.hex(JOB_ID_BYTES);
  const namespace = reader.text();
  const name = reader.text();
  return { jobId, executionId, namespace, name, runKey: reader.text() };
}
