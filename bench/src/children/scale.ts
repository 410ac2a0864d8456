import { measureSize } from "../scale/measure-size.ts";
import type { ScaleRequest } from "../scale/messages.ts";

/** One size of `scale`, with a heap of its own; started with --expose-gc. */
const request = JSON.parse(process.argv[2] ?? "null") as ScaleRequest;

function heapBytes(): number {
  // Twice: what the first leaves to finalisers, the second takes.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
process.send?.(measureSize(request, heapBytes));
