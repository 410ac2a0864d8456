import type { MessagePort } from "node:worker_threads";
import { openJournalReader } from "@batchwatch/db";
import { type FromShard, Shard, type ToShard } from "@batchwatch/engine";

/** How often everything dirty is saved, ms. */
const CUT_INTERVAL_MS = 1_000;

/** Hosts one shard: messages in, messages out, a timer for cuts, and the reading loop between them. */
export default async function shardThread(options: {
  index: number;
  count: number;
  journalPath: string;
  port: MessagePort;
}) {
  const { port, index, count } = options;
  const reader = openJournalReader(options.journalPath);
  const send = (message: FromShard) => port.postMessage(message);
  const shard = new Shard({ index, count, reader, send, clock: { now: Date.now } });
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

  await new Promise<void>((resolve) => {
    port.on("message", (message: ToShard) => {
      shard.receive(message);
      read();
    });
    port.once("close", resolve);
    send({ type: "ready" });
  });
  clearInterval(cuts);
  if (rowsTimer !== null) clearTimeout(rowsTimer);
  reader.close();
}
