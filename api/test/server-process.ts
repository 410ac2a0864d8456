import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "../dist/cli/main.js";
import type { AppRouter } from "../src/trpc/router.ts";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from "@trpc/client";
import WebSocket from "ws";

const MAIN = fileURLToPath(new URL("../bundle/main.js", import.meta.url));

/** In a coverage run every process writes at its end what it ran. */
const IS_COUNTED = process.env["BATCHWATCH_TEST_COVERAGE"] !== undefined;

/** Every limit of time in these tests is multiplied by it; above 1 only where the machine has other work. */
export const PATIENCE: number = Number(process.env["BATCHWATCH_TEST_PATIENCE"] ?? 1);

/** Between two looks at a server that are in vain, ms: each takes its and our processor. */
const MOST_PAUSE_MS = 50;

/** The built server as a user starts it, in a fresh data folder, on a port of its own choice. */
export class ServerProcess {
  readonly dataDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;
  #port = 0;
  #scheme = "http";
  signInLink = "";
  errors = "";
  /** What it printed, over all its starts. */
  output = "";

  constructor(dataDir: string, env: NodeJS.ProcessEnv, args: readonly string[]) {
    this.dataDir = dataDir;
    this.#args = args;
    this.#env = { ...process.env, BATCHWATCH_DATA_DIR: dataDir, BATCHWATCH_PORT: "0", ...env };
  }

  static async start(
    env: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
    folder: string | null = null,
  ): Promise<ServerProcess> {
    const dataDir = folder ?? (await mkdtemp(join(tmpdir(), "batchwatch-test-")));
    const server = new ServerProcess(dataDir, env, args);
    await server.boot();
    return server;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process again on the same data; resolves when it has printed how to sign in. */
  async boot(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, ...this.#args], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let printed = "";
    child.stderr.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        this.output += chunk.toString();
        const lines = /(https?):\/\/127\.0\.0\.1:(\d+)\nSign in.*\n/.exec(printed);
        if (lines === null) return;
        this.#scheme = lines[1] ?? "http";
        this.#port = Number(lines[2]);
        this.signInLink = /https?:\S+#code=\S+/.exec(lines[0])?.[0] ?? "";
        resolve();
      });
      child.once("exit", (code) => reject(new Error(`exit ${code}: ${this.errors}`)));
    });
  }

  /** Resolves when everything in the journal has been read. */
  async ready(): Promise<void> {
    for (let attempt = 0; attempt < 200 * PATIENCE; attempt += 1) {
      const response = await fetch(`${this.url}/health/ready`);
      await response.arrayBuffer();
      if (response.status === 200) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
    }
    throw new Error(`not ready: ${this.errors}`);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (child === null || hasEnded(child)) return child?.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => {
      child.once("exit", resolve);
    });
    child.kill(signal);
    return exited;
  }

  /** Resolves with the exit code when the process ends by itself. */
  async exited(): Promise<number | null> {
    const child = this.#child;
    if (child === null || hasEnded(child)) return child?.exitCode ?? null;
    return new Promise((resolve) => {
      child.once("exit", resolve);
    });
  }

  async remove(): Promise<void> {
    // A process that is killed tells nobody what it ran.
    await this.kill(IS_COUNTED ? "SIGTERM" : "SIGKILL");
    for (const entry of await readdir(this.dataDir)) {
      await rm(join(this.dataDir, entry), { recursive: true, force: true });
    }
    // A mount point stays.
    await rmdir(this.dataDir).catch(() => {});
  }

  /** A command as an operator runs it, beside the server; in this process, as starting another takes longer than its work. */
  async command(...args: string[]): Promise<Record<string, string>> {
    let out = "";
    let errors = "";
    const code = await runCli([...args, "--json"], {
      env: this.#env,
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (errors += text) },
    });
    if (code !== 0) throw new Error(`batchwatch ${args.join(" ")} ended with ${code}: ${errors}`);
    return JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as Record<string, string>;
  }

  /** A user with a token. */
  async token(name: string, role = "operations-manager", ...teams: string[]): Promise<string> {
    await this.command(
      "user",
      "add",
      "--name",
      name,
      "--role",
      role,
      ...teams.flatMap((t) => ["--team", t]),
    );
    const { token = "" } = await this.command("token", "create", "--user", name, "--ttl", "1h");
    // The running server knows it within a second.
    await eventually(
      () => fetch(`${this.url}/trpc/me.get`, { headers: { authorization: `Bearer ${token}` } }),
      (response) => response.status === 200,
      1_000,
    );
    return token;
  }

  async source(name: string, contract = "native", ...more: string[]): Promise<string> {
    const { key = "" } = await this.command(
      "source",
      "add",
      "--contract",
      contract,
      "--name",
      name,
      ...more,
    );
    // Nobody's key is 401; a known one gets past that, whatever the body.
    await eventually(
      () => this.post("/api/v1/observations", key, "[]"),
      (response) => response.status !== 401,
      1_000,
    );
    return key;
  }

  post(
    path: string,
    key: string,
    body: BodyInit,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body,
    });
  }

  /** A typed client with queries over HTTP and subscriptions over its own WebSocket. */
  client(token: string, headers: Record<string, string> = {}) {
    const socket = createWSClient({
      url: `${this.url.replace("http", "ws")}/trpc`,
      connectionParams: async () => ({ token }),
      WebSocket: class extends WebSocket {
        constructor(url: string | URL) {
          super(url, { headers });
        }
      } as unknown as typeof globalThis.WebSocket,
    });
    const trpc = createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (op) => op.type === "subscription",
          true: wsLink({ client: socket }),
          false: httpBatchLink({
            url: `${this.url}/trpc`,
            headers: { authorization: `Bearer ${token}` },
          }),
        }),
      ],
    });
    return { trpc, close: () => void socket.close() };
  }
}

/** A process that a signal ended has no exit code. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Polls until the check holds, more seldom the longer it takes; fails with the last value when it never does. */
export async function eventually<T>(
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  withinMs = 5_000,
): Promise<T> {
  const until = Date.now() + withinMs * PATIENCE;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 1.2, MOST_PAUSE_MS)) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > until)
      throw new Error(`never held; last: ${JSON.stringify(value).slice(0, 500)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
}
