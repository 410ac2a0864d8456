import type { Contract, JournalRecord } from "@batchwatch/engine";

interface PackedRow {
  readonly partition: number;
  readonly receivedAt: number;
  readonly contract: Contract;
  readonly sourceId: string;
  readonly length: number;
}

/** Records as they cross to the log thread: all bytes in one buffer, which is given away and not copied. */
export interface PackedRecords {
  readonly rows: readonly PackedRow[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Takes the bytes of a single record as they are, so the record must not be used afterwards. */
export function packRecords(records: readonly JournalRecord[]): PackedRecords {
  const rows = records.map(({ partition, receivedAt, contract, sourceId, bytes }) => ({
    partition,
    receivedAt,
    contract,
    sourceId,
    length: bytes.byteLength,
  }));
  const [only] = records;
  if (records.length === 1 && only !== undefined && ownsItsBuffer(only.bytes)) {
    return { rows, bytes: only.bytes };
  }
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record.bytes, at);
    at += record.bytes.byteLength;
  }
  return { rows, bytes };
}

/** The records again; their bytes are views of the one buffer. */
export function unpackRecords({ rows, bytes }: PackedRecords): JournalRecord[] {
  let at = 0;
  return rows.map(({ length, ...row }) => {
    const from = at;
    at += length;
    return { ...row, bytes: bytes.subarray(from, at) };
  });
}

/** The buffer of these bytes when nothing else lies in it, so that it may be given away; else none. */
export function ownedBuffers(bytes: Uint8Array): ArrayBuffer[] {
  return ownsItsBuffer(bytes) ? [bytes.buffer] : [];
}

function ownsItsBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
