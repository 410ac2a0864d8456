import { parentPort } from "node:worker_threads";

/** Says what it hears: the least that a way over another thread can take. */
parentPort?.on("message", (message: unknown) => parentPort?.postMessage(message));
