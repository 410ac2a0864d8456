import type { MessagePort } from "node:worker_threads";
import { sealPrototypes } from "../sealed-prototypes.ts";
import { loggedError } from "../logged-error.ts";
import { startBeating } from "./heartbeats.ts";

/** What every lasting thread is given besides its own options. */
export interface ThreadLink {
  /** "log", "store", "shard-0". */
  readonly name: string;
  readonly port: MessagePort;
  /** Shared memory of the heartbeats, and this thread's place in it. */
  readonly cells: Int32Array;
  readonly slot: number;
  /** Folder of the signal files of tests; null outside of tests. */
  readonly faultsDir: string | null;
}

/**
 * The frame of every never-ending task: beats while `work` runs, and turns what fails at its boot into a
 * rejection of the task. The thread itself goes on then: Piscina stops replacing threads that fail early.
 */
export async function lastingThread(
  link: ThreadLink,
  work: (port: MessagePort) => Promise<void>,
): Promise<void> {
  sealPrototypes();
  const stopBeating = startBeating(link.cells, link.slot);
  let stopFaults = () => {};
  try {
    if (link.faultsDir !== null) {
      const { armFaults } = await import("./test-faults.ts");
      stopFaults = armFaults(link.faultsDir, link.name);
    }
    await work(link.port);
  } catch (error) {
    throw bootError(error);
  } finally {
    stopFaults();
    stopBeating();
    link.port.close();
  }
}

/** Of an error only message and cause survive the way to the main thread, and of the cause only plain data. */
function bootError(error: unknown): Error {
  return new Error("A thread failed.", { cause: loggedError(error) });
}
