import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { BoardChange, FromShard, Piece, RunSave, ToShard } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { PATHS } from "../paths.ts";
import type { ShardWorkerData } from "./messages.ts";

export interface ShardThreadOptions {
  readonly journalPath: string;
  /** Last position of the journal. */
  readonly end: number;
  readonly onRows: (rows: readonly BoardChange[]) => void;
}

/** One shard in the server's own thread, over a real journal; every save is answered at once. */
export class ShardThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #options: ShardThreadOptions;
  #onCaughtUp: () => void = () => {};
  #onFailed: (error: Error) => void = () => {};
  /** Resolves when it has read to the end of the journal. */
  readonly caughtUp: Promise<void>;

  constructor(options: ShardThreadOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: ShardWorkerData = {
      threadUrl: pathToFileURL(PATHS.shardThread).href,
      options: {
        index: 0,
        count: 1,
        journalPath: options.journalPath,
        storePath: "",
        port: port2,
        name: "shard-0",
        slot: 0,
        faultsDir: null,
      },
    };
    this.#worker = new Worker(PATHS.child("shard-worker"), { workerData, transferList: [port2] });
    this.caughtUp = new Promise((resolve, reject) => {
      this.#onCaughtUp = resolve;
      this.#onFailed = reject;
    });
    this.#worker.once("error", (error) => this.#onFailed(error));
    this.#port.on("message", (message: FromShard) => this.#receive(message));
  }

  tell(message: ToShard): void {
    this.#port.postMessage(message);
  }

  async stop(): Promise<void> {
    const exit = once(this.#worker, "exit");
    this.#port.close();
    await this.#worker.terminate();
    await exit;
  }

  #receive(message: FromShard): void {
    if (message.type === "ready") {
      this.tell({
        type: "start",
        term: 1,
        marks: [{ partition: 0, position: 0 }],
        end: this.#options.end,
      });
    } else if (message.type === "rows") this.#options.onRows(message.rows);
    else if (message.type === "piece") this.#answer(message.piece);
    else if (message.type === "caught-up") this.#onCaughtUp();
    else if (message.type === "dead-letter") {
      this.#onFailed(new BenchError("wrong", `A fact was not applied: ${message.letter.reason}`));
    }
  }

  #answer({ units }: Piece): void {
    const amended: RunSave[] = units.flatMap((unit) =>
      unit.runs.filter(({ mode }) => mode === "amend"),
    );
    this.tell({ type: "saved", saved: { lostPartitions: [], amended } });
  }
}
