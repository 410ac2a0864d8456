import type { MessagePort } from "node:worker_threads";
import { openJournalWriter } from "@batchwatch/db";
import { crossing, type FromLog, type ToLog } from "./messages.ts";
import { type PackedRecords, unpackRecords } from "./packed-records.ts";

/** Owns the journal: everything queued goes into one transaction, and only then is it answered. */
export default async function logThread(options: { path: string; port: MessagePort }) {
  const { port } = options;
  const journal = openJournalWriter(options.path);
  const send = (message: FromLog) => port.postMessage(message);
  let queue: { id: number; records: PackedRecords }[] = [];

  const flush = () => {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    const ids = batch.map((item) => item.id);
    try {
      const end = journal.append(batch.flatMap((item) => unpackRecords(item.records)));
      send({ type: "appended", ids, end });
    } catch (error) {
      send({ type: "refused", ids, error: crossing(error) });
    }
  };

  await new Promise<void>((resolve) => {
    port.on("message", (message: ToLog) => {
      if (message.type === "append") {
        if (queue.push(message) === 1) setImmediate(flush);
      } else if (message.type === "truncate") {
        try {
          journal.truncate(message.position);
        } finally {
          send({ type: "truncated", id: message.id });
        }
      } else if (message.type === "stats") {
        send({ type: "stats", id: message.id, stats: journal.stats() });
      } else {
        flush();
        journal.close();
        resolve();
      }
    });
    send({ type: "ready", end: journal.end() });
  });
  port.close();
}
