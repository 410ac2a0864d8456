import { MessageChannel } from "node:worker_threads";
import { MemoryLog, Shard, type ToShard } from "@batchwatch/engine";
import { expect, it } from "vitest";
import { hostShard } from "./shard.ts";

const MESSAGES = 20;
/** What one message keeps the thread busy, ms; longer than a turn. */
const WORK_MS = 15;

/** Says how many beats of the thread's timers came before each message. */
class Busy extends Shard {
  beats = 0;
  readonly seen: number[] = [];
  override receive(message: ToShard): void {
    this.seen.push(this.beats);
    const endsAt = performance.now() + WORK_MS;
    while (performance.now() < endsAt);
    super.receive(message);
  }
}

it("[SUP-3] beats between messages that came all at once", async () => {
  const { port1, port2 } = new MessageChannel();
  const shard = new Busy({
    index: 0,
    count: 1,
    reader: new MemoryLog().reader(),
    clock: { now: Date.now },
    send: () => {},
  });
  const beating = setInterval(() => (shard.beats += 1), 1);
  for (let sent = 0; sent < MESSAGES; sent++) port1.postMessage({ type: "load", states: [] });
  const hosted = hostShard(
    () => shard,
    async () => {},
    port2,
    () => {},
  );
  await expect.poll(() => shard.seen.length).toBe(MESSAGES);
  clearInterval(beating);
  port1.close();
  await hosted;
  const silent = shard.seen.filter((beats, at) => at > 0 && beats === shard.seen[at - 1]);
  expect(silent).toEqual([]);
});
