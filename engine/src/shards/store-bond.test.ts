import { describe, expect, it } from "vitest";
import { judgeBond, type JournalBond } from "./store-bond.ts";

const journal = (more: Partial<JournalBond> = {}): JournalBond => ({
  storeId: "s1",
  end: 100,
  truncatedTo: 90,
  rows: 10,
  ...more,
});
const store = (...positions: number[]) => ({
  storeId: "s1",
  marks: positions.map((position, partition) => ({ partition, position })),
  savedTo: Math.max(0, ...positions),
});

describe("journal and store [UNIT-9]", () => {
  it("fit together while every mark is at or above the truncation", () => {
    expect(judgeBond(journal(), store(90, 100))).toEqual({
      type: "bound",
      continueAfter: 100,
      rebound: false,
    });
  });

  it("are bound when both are new", () => {
    const fresh = journal({ storeId: null, end: 0, truncatedTo: 0, rows: 0 });
    expect(judgeBond(fresh, store())).toMatchObject({ type: "bound", continueAfter: 0 });
  });

  it("say which positions are in neither when the store is older than the truncation", () => {
    expect(judgeBond(journal(), store(60, 95))).toEqual({
      type: "restored",
      continueAfter: 100,
      markedTo: 60,
      truncatedTo: 90,
    });
  });

  it("say so as well when a store without any mark has taken the place of the old file", () => {
    expect(judgeBond(journal(), store())).toMatchObject({ type: "restored", markedTo: 0 });
  });

  it("let a new or older journal go on above the marks, or its rows would never be read", () => {
    const fresh = journal({ storeId: null, end: 0, truncatedTo: 0, rows: 0 });
    expect(judgeBond(fresh, store(400, 380))).toMatchObject({
      type: "bound",
      continueAfter: 400,
    });
    expect(judgeBond(journal(), store(400, 380))).toMatchObject({ continueAfter: 400 });
  });

  it("go on above the jobs that are saved beyond every mark, too: what comes there would be passed over", () => {
    const fresh = journal({ storeId: null, end: 0, truncatedTo: 0, rows: 0 });
    const saved = { ...store(400, 380), savedTo: 450 };
    expect(judgeBond(fresh, saved)).toMatchObject({ type: "bound", continueAfter: 450 });
    expect(judgeBond(journal(), saved)).toMatchObject({ type: "bound", continueAfter: 450 });
    expect(judgeBond(journal({ truncatedTo: 390 }), saved)).toMatchObject({
      type: "restored",
      continueAfter: 450,
    });
  });

  it("do not fit when the journal holds facts of another store; an empty one changes over", () => {
    expect(judgeBond(journal({ storeId: "s0" }), store(100))).toEqual({
      type: "foreign",
      journalStoreId: "s0",
      rows: 10,
    });
    expect(judgeBond(journal({ storeId: "s0", rows: 0 }), store(40))).toEqual({
      type: "bound",
      continueAfter: 100,
      rebound: true,
    });
  });
});
