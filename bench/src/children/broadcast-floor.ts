import { WebSocketServer } from "ws";
import { epochMs, TICKS_PER_MS } from "../epoch-ms.ts";
import { pace } from "../pacer.ts";

/**
 * The least that fan-out can do: rows of the usual size, gathered for a tick, one string to every socket. There are no
 * jobs, no intake and no rights. Arguments: port, tick ms, changes a second, changes. Starts on any message.
 */
const [port = 0, tickMs = 0, perSecond = 0, count = 0] = process.argv.slice(2).map(Number);
const FILLING = "x".repeat(420);
const sockets = new WebSocketServer({ port, host: "127.0.0.1", perMessageDeflate: false });
let waiting: string[] = [];

setInterval(() => {
  if (waiting.length === 0) return;
  const frame = `{"changes":[${waiting.join(",")}]}`;
  waiting = [];
  for (const socket of sockets.clients) socket.send(frame);
}, tickMs);

process.on("message", () => {
  const offset = epochMs() - performance.now();
  void pace({ perSecond, count }, (_index, intendedAt) => {
    const done = Math.round((offset + intendedAt) * TICKS_PER_MS);
    waiting.push(`{"kind":"run","filling":"${FILLING}","progress":{"done":${done}}}`);
  }).then(() => process.send?.({ type: "sent" }));
});
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
sockets.on("listening", () => process.send?.({ type: "ready" }));
