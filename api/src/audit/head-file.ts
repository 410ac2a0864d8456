import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type HeadLine,
  headLine,
  keptHeads,
  LIMITS,
  readHeads,
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

  /** On disk when it resolves. */
  async add(head: SignedAuditHead, now: number): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const handle = await open(this.path, "a", 0o600);
    try {
      await handle.appendFile(headLine(head));
      await handle.datasync();
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
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }
}

/** The newest line, as far as it can be read. */
export function newestOf(lines: readonly HeadLine[]): SignedAuditHead | null {
  return lines.slice(-LIMITS.auditHeadLines).findLast(({ head }) => head !== null)?.head ?? null;
}
