import type { MessagePort } from "node:worker_threads";
import { type JournalWriter, openJournalWriter, setJournalAside } from "@batchwatch/db/journal";
import { lastingThread, type ThreadLink } from "./lasting-thread.ts";
import { crossing, type FromLog, type ToLog } from "./messages.ts";
import { type PackedRecords, unpackRecords } from "./packed-records.ts";

interface LogOptions extends ThreadLink {
  readonly path: string;
}

/** Owns the journal: everything queued goes into one transaction, and only then is it answered. */
export default function logThread(options: LogOptions): Promise<void> {
  return lastingThread(options, async (port) => {
    const journal = openJournalWriter(options.path);
    try {
      const setAside = await new JournalKeeper(journal, port).stopped;
      journal.close();
      if (setAside) setJournalAside(options.path, Date.now());
    } finally {
      journal.close();
    }
  });
}

class JournalKeeper {
  /** Resolves at the stop; whether the file is to be set aside. */
  readonly stopped: Promise<boolean>;
  readonly #journal: JournalWriter;
  readonly #port: MessagePort;
  #queue: { readonly id: number; readonly records: PackedRecords }[] = [];
  #stop: (setAside: boolean) => void = () => {};

  constructor(journal: JournalWriter, port: MessagePort) {
    this.#journal = journal;
    this.#port = port;
    this.stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
    port.on("message", (message: ToLog) => this.#receive(message));
    const bond = {
      storeId: journal.storeId(),
      end: journal.end(),
      truncatedTo: journal.truncatedTo(),
      rows: journal.stats().rows,
    };
    this.#send({ type: "ready", bond });
  }

  #send(message: FromLog): void {
    this.#port.postMessage(message);
  }

  #receive(message: ToLog): void {
    switch (message.type) {
      case "append":
        if (this.#queue.push(message) === 1) setImmediate(() => this.#flush());
        break;
      case "truncate":
        this.#truncate(message.id, message.position);
        break;
      case "bind":
        this.#answer(message.id, false, () => {
          this.#journal.continueAfter(message.continueAfter);
          this.#journal.bindStore(message.storeId);
        });
        break;
      case "prove":
        this.#answer(message.id, true, () => this.#journal.proveWritable(Date.now()));
        break;
      case "stats":
        this.#stats(message.id);
        break;
      case "stop":
        this.#flush();
        this.#stop(message.setAside);
        break;
    }
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    const ids = batch.map((item) => item.id);
    try {
      const end = this.#journal.append(batch.flatMap((item) => unpackRecords(item.records)));
      this.#send({ type: "appended", ids, end });
    } catch (error) {
      this.#send({ type: "refused", ids, write: true, error: crossing(error) });
    }
  }

  /** Piece by piece, with appends between: neither they nor the heartbeat wait for a long truncation. */
  #truncate(id: number, position: number): void {
    try {
      if (this.#journal.truncatePiece(position)) setImmediate(() => this.#truncate(id, position));
      else this.#send({ type: "done", id, write: false, end: this.#journal.end() });
    } catch (error) {
      this.#send({ type: "refused", ids: [id], write: false, error: crossing(error) });
    }
  }

  #stats(id: number): void {
    try {
      this.#send({ type: "stats", id, stats: this.#journal.stats() });
    } catch (error) {
      this.#send({ type: "refused", ids: [id], write: false, error: crossing(error) });
    }
  }

  #answer(id: number, write: boolean, work: () => void): void {
    try {
      work();
      this.#send({ type: "done", id, write, end: this.#journal.end() });
    } catch (error) {
      this.#send({ type: "refused", ids: [id], write, error: crossing(error) });
    }
  }
}
