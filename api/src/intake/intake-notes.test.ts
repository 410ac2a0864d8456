import type { Admitted, MaskedDay, MaskTally, Rejection, Source } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { IntakeNotes } from "./intake-notes.ts";

const DAY = Date.UTC(2026, 10, 24);
const source = { sourceId: "s1" } as Source;

function admitted(masked: MaskTally, rejections: Rejection[] = []): Admitted {
  return {
    reply: { status: 202, body: null },
    records: [],
    rejections,
    accepted: 0,
    unmetJobs: [],
    masked,
  };
}

/** A store that keeps what it is given, and fails while it is away. */
class FakeSources {
  away = false;
  counted: MaskedDay[] = [];
  touched: { sourceId: string; lastSeenAt: number }[][] = [];
  reject = () => this.#answer(() => {});
  touch = (seen: readonly { sourceId: string; lastSeenAt: number }[]) =>
    this.#answer(() => this.touched.push([...seen]));
  countMasked = (days: readonly MaskedDay[]) => this.#answer(() => this.counted.push(...days));

  async #answer(work: () => unknown): Promise<void> {
    if (this.away) throw new Error("The store is away.");
    work();
  }
}

describe("what was masked", () => {
  it("is written once for each source, day and kind, summed", async () => {
    const notes = new IntakeNotes();
    const sources = new FakeSources();
    notes.add(source, admitted({ hidden: { card: 2, email: 1 }, kept: {} }), DAY + 5);
    notes.add(source, admitted({ hidden: { card: 1 }, kept: { email: 3 } }), DAY + 6);
    notes.add(source, admitted({ hidden: { card: 1 }, kept: {} }), DAY - 1);
    notes.add(source, admitted({ hidden: {}, kept: {} }), DAY + 7);
    await notes.flush(sources);
    expect(sources.counted).toEqual([
      { sourceId: "s1", day: "2026-11-24", kind: "card", hidden: 3, kept: 0 },
      { sourceId: "s1", day: "2026-11-24", kind: "email", hidden: 1, kept: 3 },
      { sourceId: "s1", day: "2026-11-23", kind: "card", hidden: 1, kept: 0 },
    ]);
    await notes.flush(sources);
    expect(sources.counted).toHaveLength(3);
  });

  it("is held while the store is away, and written once when it is back", async () => {
    const notes = new IntakeNotes();
    const sources = new FakeSources();
    sources.away = true;
    notes.add(source, admitted({ hidden: { ssn: 1 }, kept: {} }), DAY);
    await expect(notes.flush(sources)).rejects.toThrow("away");
    notes.add(source, admitted({ hidden: { ssn: 1 }, kept: {} }), DAY);
    await expect(notes.flush(sources)).rejects.toThrow("away");
    sources.away = false;
    await notes.flush(sources);
    expect(sources.counted).toMatchObject([{ kind: "ssn", hidden: 2 }]);
  });
});

describe("when a source was last heard of", () => {
  it("is written once for what it said since, and again when the store was away", async () => {
    const notes = new IntakeNotes();
    const sources = new FakeSources();
    notes.add(source, admitted({ hidden: {}, kept: {} }), DAY);
    sources.away = true;
    await expect(notes.flush(sources)).rejects.toThrow("away");
    sources.away = false;
    await notes.flush(sources);
    await notes.flush(sources);
    expect(sources.touched).toEqual([[{ sourceId: "s1", lastSeenAt: DAY }]]);
    notes.add({ ...source, sourceId: "s2" }, admitted({ hidden: {}, kept: {} }), DAY + 1);
    await notes.flush(sources);
    expect(sources.touched.at(-1)).toEqual([{ sourceId: "s2", lastSeenAt: DAY + 1 }]);
    expect(notes.lastSeenAt()).toBe(DAY + 1);
  });
});
