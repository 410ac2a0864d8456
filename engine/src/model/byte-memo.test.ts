import { describe, expect, it } from "vitest";
import { ByteMemo } from "./byte-memo.ts";

const MOST = 256;

function bytesOf(number: number, length = 12): Uint8Array {
  return Buffer.from(String(number).padStart(length, "0"));
}

describe("what bytes mean", () => {
  it("is found by exactly these bytes, wherever they stand, also among others of the same hash", () => {
    const memo = new ByteMemo<number>(MOST);
    for (let number = 0; number < 4; number += 1) {
      memo.keep(7, bytesOf(number), 0, 12, number);
    }
    expect(memo.find(7, Buffer.from("x000000000003y"), 1, 13)).toBe(3);
    expect(memo.find(7, bytesOf(4), 0, 12)).toBeNull();
    expect(memo.find(7, bytesOf(3), 0, 11)).toBeNull();
    expect(memo.find(8, bytesOf(3), 0, 12)).toBeNull();
  });

  it("is forgotten when there is no room, and kept anew", () => {
    const memo = new ByteMemo<number>(MOST);
    for (let number = 0; number <= MOST; number += 1) {
      memo.keep(number * 97, bytesOf(number, 200), 0, 200, number);
    }
    const found = Array.from({ length: MOST + 1 }, (_, number) =>
      memo.find(number * 97, bytesOf(number, 200), 0, 200),
    );
    expect(found.filter((value) => value !== null)).toEqual([MOST]);
  });

  it("is not kept of long stretches, and of one hash only for a few", () => {
    const memo = new ByteMemo<number>(MOST);
    memo.keep(1, bytesOf(1, 257), 0, 257, 1);
    expect(memo.find(1, bytesOf(1, 257), 0, 257)).toBeNull();
    for (let number = 0; number < 100; number += 1) memo.keep(5, bytesOf(number), 0, 12, number);
    const kept = Array.from({ length: 100 }, (_, n) => memo.find(5, bytesOf(n), 0, 12)).filter(
      (value) => value !== null,
    );
    expect(kept).toHaveLength(8);
  });
});
