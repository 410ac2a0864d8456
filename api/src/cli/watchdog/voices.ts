import { spawn } from "node:child_process";
import { once } from "node:events";
import { Outbound } from "../../notify/outbound.ts";
import { signedHeaders } from "../../notify/standard-webhook.ts";
import { targetOf } from "../../notify/target.ts";
import type { Deliver } from "./speaker.ts";
import type { Spoken } from "./watch.ts";

/** A message with its id, the same at every try. */
export interface Message extends Spoken {
  readonly id: string;
  /** One line for people. */
  readonly line: string;
  /** Address of the server that is watched. */
  readonly url: string;
}

/** Time of a command before it is ended. Milliseconds. */
const COMMAND_MS = 30_000;

/** Posts to a webhook, signed as those of Batchwatch are. The operator names the host by giving its address. */
export function webhookVoice(url: string, secret: string): Deliver<Message> {
  const named = [new URL(url).hostname];
  const outbound = new Outbound({ target: (one) => targetOf(one, named), now: Date.now });
  return async (message) => {
    const { id, state, line, at, since } = message;
    const body = Buffer.from(
      JSON.stringify({
        type: `watchdog.${state}`,
        timestamp: new Date(at).toISOString(),
        data: { url: message.url, message: line, since: new Date(since).toISOString() },
      }),
    );
    const result = await outbound.send({
      url,
      method: "POST",
      headers: {
        "content-type": "application/json",
        connection: "close",
        ...signedHeaders(secret, id, Date.now(), body),
      },
      body,
    });
    if (result.type !== "answered") return result.error;
    return result.status >= 200 && result.status < 300 ? null : `it answered ${result.status}`;
  };
}

/**
 * Runs a command of the operator's with what is to be said in its environment: WATCHDOG_STATE, WATCHDOG_MESSAGE, WATCHDOG_SINCE
 * and WATCHDOG_ID. Text never becomes part of the command.
 */
export function commandVoice(command: string, env: NodeJS.ProcessEnv): Deliver<Message> {
  return async ({ id, state, line, since }) => {
    const child = spawn(command, {
      shell: true,
      // A group of its own, so that what it started can be ended with it.
      detached: process.platform !== "win32",
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...env,
        WATCHDOG_ID: id,
        WATCHDOG_STATE: state,
        WATCHDOG_MESSAGE: line,
        WATCHDOG_SINCE: new Date(since).toISOString(),
      },
    });
    const timer = setTimeout(() => end(child.pid), COMMAND_MS);
    try {
      const [code, signal] = await once(child, "exit");
      if (code === 0) return null;
      return signal === null ? `it ended with ${code}` : `it was ended by ${signal}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
