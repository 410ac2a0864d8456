import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { API_LIMITS } from "../options.ts";

export interface ReplayLine {
  /** Counted from 1, as editors do. */
  readonly number: number;
  readonly text: string;
}

/** The file's non-empty lines in order, in batches of bounded count and bytes; a longer line travels alone. */
export async function* replayBatches(file: string): AsyncGenerator<readonly ReplayLine[]> {
  const input = createReadStream(file, "utf8");
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let batch: ReplayLine[] = [];
  let bytes = 0;
  let number = 0;
  for await (const line of lines) {
    number++;
    const text = (number === 1 ? line.replace(/^\uFEFF/, "") : line).trim();
    if (text === "") continue;
    const size = Buffer.byteLength(text) + 1;
    const full = batch.length === API_LIMITS.replayLines || bytes + size > API_LIMITS.replayBytes;
    if (full && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ number, text });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
