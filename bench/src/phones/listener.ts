import { WebSocket } from "ws";
import { TICKS_PER_MS } from "../epoch-ms.ts";
import type { Subscriber, SubscriberOptions } from "./subscriber.ts";

const PROGRESS = Buffer.from('"progress":{"done":');
const STARTED = Buffer.from('"type":"started"');
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** The whole numbers that follow each `"progress":{"done":` of a frame. */
export function progressIn(frame: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = frame.indexOf(PROGRESS); at !== -1; at = frame.indexOf(PROGRESS, at)) {
    at += PROGRESS.length;
    let value = 0;
    for (let digit = frame[at]; isDigit(digit); digit = frame[++at]) {
      value = value * 10 + digit - DIGIT_0;
    }
    found.push(value);
  }
  return found;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}

/**
 * A screen that speaks as the client library does but only searches its frames: on two cores, two thousand screens
 * that parse everything would measure themselves.
 * @param options `token` null: a plain WebSocket that is sent frames without asking
 */
export function openListener(
  options: Omit<SubscriberOptions, "token"> & { readonly token: string | null },
): Promise<Subscriber> {
  const { url, token, onChange, onLost } = options;
  return new Promise((resolve, reject) => {
    const address = token === null ? url : `${url}?connectionParams=1`;
    const socket = new WebSocket(address, { perMessageDeflate: false });
    let closing = false;
    const subscriber = {
      close() {
        closing = true;
        socket.terminate();
      },
    };
    socket.on("open", () => {
      if (token === null) {
        resolve(subscriber);
        return;
      }
      socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
      const params = { path: "live.changes", input: {} };
      socket.send(JSON.stringify({ id: 1, jsonrpc: "2.0", method: "subscription", params }));
    });
    socket.on("message", (data: Buffer) => {
      if (data.length === 4 && data.toString("latin1") === "PING") socket.send("PONG");
      else if (data.length < 100 && data.includes(STARTED)) resolve(subscriber);
      else for (const done of progressIn(data)) onChange(done / TICKS_PER_MS);
    });
    socket.on("error", reject);
    socket.on("close", (code) => {
      reject(new Error(`closed with code ${code} before the subscription started`));
      if (!closing) onLost();
    });
  });
}
