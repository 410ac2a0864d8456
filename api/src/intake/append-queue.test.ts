import { setImmediate as turn } from "node:timers/promises";
import type { JournalRecord } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AppendQueue } from "./append-queue.ts";

const record = (sourceId: string): JournalRecord => ({
  partition: 0,
  receivedAt: 1,
  contract: "native",
  sourceId,
  bytes: Uint8Array.of(2),
});

/** A log whose appends end when the test says so. */
class HeldLog {
  readonly appends: {
    sources: string[];
    resolve: (end: number) => void;
    reject: (error: Error) => void;
  }[] = [];

  append(records: readonly JournalRecord[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.appends.push({ sources: records.map((one) => one.sourceId), resolve, reject });
    });
  }
}

describe("the queue of appends", () => {
  it("puts the requests of one turn into one append, in order", async () => {
    const log = new HeldLog();
    const queue = new AppendQueue(log);
    const both = Promise.all([
      queue.append([record("a"), record("b")]),
      queue.append([record("c")]),
    ]);
    await turn();
    expect(log.appends.map((one) => one.sources)).toEqual([["a", "b", "c"]]);
    log.appends[0]?.resolve(3);
    expect(await both).toEqual([3, 3]);
  });

  it("collects while enough are under way, and sends the rest together after an answer", async () => {
    const log = new HeldLog();
    const queue = new AppendQueue(log);
    const answers: Promise<number>[] = [];
    for (let turns = 0; turns < API_LIMITS.appendsUnderWay + 3; turns += 1) {
      answers.push(queue.append([record(String(turns))]));
      await turn();
    }
    expect(log.appends).toHaveLength(API_LIMITS.appendsUnderWay);
    log.appends[0]?.resolve(1);
    await answers[0];
    await turn();
    expect(log.appends).toHaveLength(API_LIMITS.appendsUnderWay + 1);
    expect(log.appends.at(-1)?.sources).toHaveLength(3);
    for (const [index, one] of log.appends.entries()) one.resolve(index + 1);
    await Promise.all(answers);
  });

  it("tells every request of a failed append, and only those", async () => {
    const log = new HeldLog();
    const queue = new AppendQueue(log);
    const lost = Promise.allSettled([queue.append([record("a")]), queue.append([record("b")])]);
    await turn();
    const kept = queue.append([record("c")]);
    await turn();
    log.appends[0]?.reject(new Error("disk"));
    log.appends[1]?.resolve(1);
    expect((await lost).map((one) => one.status)).toEqual(["rejected", "rejected"]);
    expect(await kept).toBe(1);
  });
});
