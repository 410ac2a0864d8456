import type { MessagePort } from "node:worker_threads";
import { openJournalReader } from "@batchwatch/db/journal";
import { type Anew, type FromShard, Shard, type ToShard } from "@batchwatch/engine";
import { lastingThread, type ThreadLink } from "./lasting-thread.ts";

/** How often everything dirty is saved, ms. */
const CUT_INTERVAL_MS = 1_000;
/** How often deadlines are looked at, ms: a quarter of the second within which each is flagged. */
const TICK_INTERVAL_MS = 250;

interface ShardThreadOptions extends ThreadLink {
  readonly index: number;
  readonly count: number;
  readonly journalPath: string;
}

/** Hosts one shard: messages in, messages out, a timer for cuts, and the reading loop between them. */
export default function shardThread(options: ShardThreadOptions): Promise<void> {
  return lastingThread(options, async (port) => {
    const { index, count } = options;
    const send = (message: FromShard) => port.postMessage(message);
    const reader = openJournalReader(options.journalPath, (damage) =>
      send({ type: "damaged", damage }),
    );
    try {
      const clock = { now: Date.now };
      await hostShard(() => new Shard({ index, count, reader, send, clock }), port, send);
    } finally {
      reader.close();
    }
  });
}

/** What the thread does from then on, until the port closes. */
export async function hostShard(
  make: () => Shard,
  port: MessagePort,
  send: (message: FromShard) => void,
): Promise<void> {
  let shard = make();
  let reading = false;
  let rowsTimer: NodeJS.Timeout | null = null;
  const read = () => {
    if (reading) return;
    reading = true;
    setImmediate(() => {
      reading = false;
      if (shard.step()) read();
      else if (rowsTimer === null) {
        const { rowsWaitMs } = shard;
        if (rowsWaitMs !== null) rowsTimer = setTimeout(sendRows, rowsWaitMs);
      }
    });
  };
  const sendRows = () => {
    rowsTimer = null;
    read();
  };
  const cuts = setInterval(() => {
    shard.beginCut();
    send({ type: "stats", stats: shard.stats });
    read();
  }, CUT_INTERVAL_MS);
  const ticks = setInterval(() => shard.tick(), TICK_INTERVAL_MS);
  await new Promise<void>((resolve) => {
    port.on("message", (message: ToShard | Anew) => {
      if (message.type === "anew") shard = make();
      else shard.receive(message);
      read();
    });
    port.once("close", resolve);
    send({ type: "ready" });
  });
  clearInterval(cuts);
  clearInterval(ticks);
  if (rowsTimer !== null) clearTimeout(rowsTimer);
}
