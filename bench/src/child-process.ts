import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { BENCH_OPTIONS } from "./options.ts";
import { waitUntil } from "./wait-until.ts";

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A group of its own, so that its children end with it. @default false */
  readonly group?: boolean;
  /** A channel for messages. @default false */
  readonly messages?: boolean;
}

/** A process that the benches started and will end. */
export class Child {
  readonly process: ChildProcess;
  readonly #group: boolean;
  #output = "";

  constructor(command: string, args: readonly string[], options: ChildOptions = {}) {
    this.#group = options.group ?? false;
    this.process = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe", ...(options.messages === true ? (["ipc"] as const) : [])],
      detached: this.#group,
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString("utf8")).slice(-BENCH_OPTIONS.outputKept);
    };
    this.process.stdout?.on("data", keep);
    this.process.stderr?.on("data", keep);
  }

  /** The end of what it said. */
  get output(): string {
    return this.#output;
  }

  get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Asks it to end; kills it when it does not. Returns how long it took, milliseconds. */
  async stop(): Promise<number> {
    const startedAt = performance.now();
    if (this.ended) return 0;
    const exit = once(this.process, "exit");
    this.#signal("SIGTERM");
    const stopWaiting = new AbortController();
    const late = delay(BENCH_OPTIONS.stopTimeoutMs, "late", { signal: stopWaiting.signal });
    const first = await Promise.race([exit, late.catch(() => null)]);
    stopWaiting.abort();
    if (first === "late") {
      this.#signal("SIGKILL");
      await exit;
    }
    // npm ends before the server that it started has.
    if (this.#group)
      await waitUntil("The process group ends", BENCH_OPTIONS.stopTimeoutMs, () =>
        this.#groupEnded(),
      );
    return performance.now() - startedAt;
  }

  /** Ends it with SIGKILL, as a power cut would: it gets no chance to say anything. */
  async kill(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.process, "exit");
    this.#signal("SIGKILL");
    await exit;
  }

  async #groupEnded(): Promise<true | null> {
    try {
      this.#signal(0);
      return null;
    } catch {
      return true;
    }
  }

  #signal(signal: NodeJS.Signals | 0): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    if (this.#group) process.kill(-pid, signal);
    else this.process.kill(signal);
  }
}
