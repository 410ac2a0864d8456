import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  AUDIT_GENESIS,
  type AuditHead,
  type HeadLine,
  headLine,
  keptHeads,
  LIMITS,
  readHeads,
  signedBeginning,
  signedHead,
  type SignedAuditHead,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

export const HEAD_FILE = "audit-heads.ndjson";

/**
 * Sealed heads of the audit trail, outside of the store, in the data folder: one line each, only added to, and thinned out now and then. Without
 * it a cut-off end of the trail could not be told from a trail that ends there.
 */
export class HeadFile {
  readonly path: string;
  #linesAdded = 0;

  constructor(dataDir: string) {
    this.path = join(dataDir, HEAD_FILE);
  }

  /** Empty where there is no file. Fails when it is there and cannot be read. */
  async read(): Promise<readonly HeadLine[]> {
    return readHeads((await this.#text()) ?? "");
  }

  /** Bytes of it; null: there is no file. */
  async size(): Promise<number | null> {
    try {
      return (await stat(this.path)).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** On disk when it resolves; when it fails the file is as it was, as far as the disk lets it be. */
  async add(head: SignedAuditHead, now: number): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const handle = await open(this.path, "a+", 0o600);
    try {
      await appendLine(handle, headLine(head));
    } finally {
      await handle.close();
    }
    this.#linesAdded += 1;
    if (this.#linesAdded >= API_LIMITS.headLinesAdded) await this.thinOut(now);
  }

  /** Leaves the lines that are to be kept, and mends a last line that was never written whole. */
  async thinOut(now: number): Promise<void> {
    this.#linesAdded = 0;
    const text = await this.#text();
    if (text === null) return;
    const lines = readHeads(text);
    const kept = keptHeads(lines, now);
    const isWhole = text === "" || text.endsWith("\n");
    if (isWhole && kept.length === lines.length) return;
    await this.#replace(kept.map((line) => `${line.text}\n`).join(""));
  }

  /** The whole file or none of it: a reader never sees half. */
  async #replace(text: string): Promise<void> {
    const draft = `${this.path}.${randomUUID()}`;
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
      await handle.close();
      await rename(draft, this.path);
    } catch (error) {
      await handle.close().catch(() => {});
      await unlink(draft).catch(() => {});
      throw error;
    }
  }

  async #text(): Promise<string | null> {
    try {
      const text = await readFile(this.path, "utf8");
      // Far beyond what is ever kept: whoever made it so is told that it cannot be read.
      return text.slice(-API_LIMITS.headFileBytes);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

/** An empty trail has a head as well: from then on a missing file is one that somebody took away. */
export function emptyHead(now: number): AuditHead {
  return { seq: 0, mac: AUDIT_GENESIS, at: now };
}

/**
 * Adds the newest head. Where the file is gone although the trail had records, says first that it is begun anew: what was cut off
 * before that nobody can tell from this file (engine/SPEC.md AUD-3).
 * @param before the newest record that the file must have known of; null: none
 */
export async function keepHead(
  file: HeadFile,
  given: {
    readonly key: Buffer;
    readonly storeId: string;
    readonly before: AuditHead | null;
    readonly head: AuditHead;
    readonly now: number;
  },
): Promise<void> {
  const { key, storeId, before, head, now } = given;
  if (before !== null && before.seq > 0 && (await file.size()) === null) {
    await file.add(signedBeginning(key, storeId, before), now);
  }
  await file.add(signedHead(key, storeId, head), now);
}

/** The part of a file handle that is needed. */
export interface LineHandle {
  stat(): Promise<{ readonly size: number }>;
  read(into: Buffer, offset: number, length: number, from: number): Promise<unknown>;
  appendFile(text: string): Promise<void>;
  datasync(): Promise<void>;
  truncate(size: number): Promise<void>;
}

/** The whole line or none of it: on a full disk a part of one would stand there and look like tampering. */
export async function appendLine(handle: LineHandle, line: string): Promise<void> {
  const { size } = await handle.stat();
  // Where even the truncation failed, the part of a line keeps to itself.
  const text = size === 0 || (await lastByte(handle, size)) === LINE_BREAK ? line : `\n${line}`;
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } catch (error) {
    await handle.truncate(size).catch(() => {});
    throw error;
  }
}

const LINE_BREAK = 0x0a;

async function lastByte(handle: LineHandle, size: number): Promise<number | undefined> {
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0];
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** The newest line, as far as it can be read. */
export function newestOf(lines: readonly HeadLine[]): SignedAuditHead | null {
  return lines.slice(-LIMITS.auditHeadLines).findLast(({ head }) => head !== null)?.head ?? null;
}
