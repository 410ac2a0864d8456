import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { openJournalReader, reopeningReader } from "@batchwatch/db/journal";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries, partitionsOf, Shard } from "@batchwatch/engine";
import { Inbox } from "./inbox.ts";
import { lastingThread, type ThreadLink } from "./lasting-thread.ts";
import { loadShard } from "./load-shard.ts";
import { crossing, type FromShardThread, type ToShardThread } from "./messages.ts";

/** How often everything dirty is saved, ms. */
const CUT_INTERVAL_MS = 1_000;
/** How often deadlines are looked at, ms: a quarter of the second within which each is flagged. */
const TICK_INTERVAL_MS = 250;
/** How long one turn goes on with messages: the one that passes it is its last, ms. */
const TURN_MS = 10;

interface ShardThreadOptions extends ThreadLink {
  readonly index: number;
  readonly count: number;
  readonly journalPath: string;
  readonly storePath: string;
}

/** Gives a shard what the store holds of its jobs, as of `now` (epoch ms), as long as `going` says so. */
export type TakeStored = (shard: Shard, now: number, going: () => boolean) => Promise<void>;

/** Hosts one shard: messages in, messages out, a timer for cuts, and the reading loop between them. */
export default function shardThread(options: ShardThreadOptions): Promise<void> {
  return lastingThread(options, async (port) => {
    const { index, count, storePath } = options;
    const send = (message: FromShardThread) => port.postMessage(message);
    const take: TakeStored = async (shard, now, going) => {
      const { stores, close } = await openStores({
        path: storePath,
        readonly: true,
        joinSummaries: joinStoredSummaries,
      });
      await loadShard(stores, partitionsOf(index, count), now, shard, going).finally(close);
    };
    const reader = reopeningReader(() =>
      openJournalReader(options.journalPath, (damage) => send({ type: "damaged", damage })),
    );
    try {
      const clock = { now: Date.now };
      const make = () => new Shard({ index, count, reader, send, clock });
      await hostShard(make, take, port, send);
    } finally {
      reader.close();
    }
  });
}

/**
 * What the thread does from then on, until the port closes. Messages are queued and worked off in turns, with timers
 * between: a port hands over all that has come at once, and 5,000 jobs in one go keep a busy machine so long that the
 * thread, which does not beat meanwhile, seems to hang.
 */
export async function hostShard(
  make: () => Shard,
  take: TakeStored,
  port: MessagePort,
  send: (message: FromShardThread) => void,
): Promise<void> {
  let shard = make();
  const inbox = new Inbox<ToShardThread>();
  let working = false;
  let rowsTimer: NodeJS.Timeout | null = null;
  const work = () => {
    if (working) return;
    working = true;
    setImmediate(() => {
      working = false;
      inbox.handle(TURN_MS, (message) => {
        if (message.type === "anew") shard = make();
        else if (message.type === "take-stored") takeStored(message.now);
        else if (message.type === "show") void show();
        else shard.receive(message);
      });
      if (shard.step() || inbox.some) work();
      else if (rowsTimer === null) {
        const { rowsWaitMs } = shard;
        if (rowsWaitMs !== null) rowsTimer = setTimeout(sendRows, rowsWaitMs);
      }
    });
  };
  const sendRows = () => {
    rowsTimer = null;
    work();
  };
  const takeStored = (now: number) => {
    const taking = shard;
    const answer = (message: FromShardThread) => {
      if (shard === taking) send(message);
      work();
    };
    take(taking, now, () => shard === taking).then(
      () => answer({ type: "took-stored" }),
      (error: unknown) => answer({ type: "not-loaded", error: crossing(error) }),
    );
  };
  const show = async () => {
    const shown = shard;
    do {
      // Before its start a cut sends rows and saves nothing.
      shown.beginCut();
      await nextTurn();
    } while (shard === shown && shown.rowsWaitMs !== null);
    if (shard === shown) send({ type: "shown" });
  };
  const cuts = setInterval(() => {
    shard.beginCut();
    send({ type: "stats", stats: shard.stats });
    work();
  }, CUT_INTERVAL_MS);
  const ticks = setInterval(() => shard.tick(), TICK_INTERVAL_MS);
  await new Promise<void>((resolve) => {
    port.on("message", (message: ToShardThread) => {
      inbox.put(message);
      work();
    });
    port.once("close", resolve);
    send({ type: "ready" });
  });
  clearInterval(cuts);
  clearInterval(ticks);
  if (rowsTimer !== null) clearTimeout(rowsTimer);
}
