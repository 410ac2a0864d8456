import type { JournalRecord } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { ownedBuffers, packRecords, unpackRecords } from "./packed-records.ts";

const record = (partition: number, bytes: Uint8Array): JournalRecord => ({
  partition,
  receivedAt: 1_000 + partition,
  contract: partition === 1 ? "openlineage" : "native",
  sourceId: `source-${partition}`,
  bytes,
});

function crossed(records: readonly JournalRecord[]): JournalRecord[] {
  const packed = packRecords(records);
  return unpackRecords(structuredClone(packed, { transfer: [packed.bytes.buffer] }));
}

test("records are the same on the other side, whatever buffer their bytes lie in", () => {
  const pooled = Buffer.from("pooled");
  const records = (): JournalRecord[] => [
    record(0, Uint8Array.of(1, 2, 3)),
    record(1, pooled),
    record(2, new Uint8Array(0)),
  ];
  expect(crossed(records()).map((one) => ({ ...one, bytes: [...one.bytes] }))).toEqual(
    records().map((one) => ({ ...one, bytes: [...one.bytes] })),
  );
  expect(crossed([record(1, pooled)])[0]?.bytes).toEqual(Uint8Array.from(pooled));
  expect(pooled.toString()).toBe("pooled");
});

test("the bytes of a single record are given away, not copied", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(crossed([record(0, bytes)])[0]?.bytes).toEqual(Uint8Array.of(1, 2, 3));
  expect(bytes.byteLength).toBe(0);
});

test("a buffer that holds something else too is never given away", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(ownedBuffers(bytes)).toEqual([bytes.buffer]);
  expect(ownedBuffers(bytes.subarray(1))).toEqual([]);
  expect(ownedBuffers(Buffer.from("pooled"))).toEqual([]);
});
