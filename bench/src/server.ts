import { mkdtemp, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { BenchError } from "./bench-error.ts";
import { Child } from "./child-process.ts";
import { commandAnswer } from "./command.ts";
import { freePort } from "./free-port.ts";
import { BENCH_OPTIONS } from "./options.ts";
import { PATHS } from "./paths.ts";
import { waitUntil } from "./wait-until.ts";

type Environment = Readonly<Record<string, string>>;

/** A data folder of its own with a source and a user; a server on it can be started again and again. */
export class Installation {
  readonly env: Environment;
  readonly url: string;
  readonly sourceKey: string;
  readonly token: string;
  readonly #folder: string;

  private constructor(folder: string, env: Environment, sourceKey: string, token: string) {
    this.#folder = folder;
    this.env = env;
    this.url = `http://127.0.0.1:${env["BATCHWATCH_PORT"]}`;
    this.sourceKey = sourceKey;
    this.token = token;
  }

  /** @throws {BenchError} with code `not_built` */
  static async make(settings: Environment = {}): Promise<Installation> {
    if (!existsSync(PATHS.server)) {
      throw new BenchError("not_built", `${PATHS.server} is missing; run npm run build first.`);
    }
    const folder = await mkdtemp(join(tmpdir(), "batchwatch-bench-"));
    const env = {
      BATCHWATCH_DATA_DIR: folder,
      BATCHWATCH_HOST: "127.0.0.1",
      BATCHWATCH_PORT: String(await freePort()),
      ...settings,
    };
    const sourceArgs = ["source", "add", "--contract", "native", "--name", "bench"];
    const key = await commandAnswer(env, sourceArgs, "key");
    return new Installation(folder, env, key, await addUser(env, "bench"));
  }

  /** Makes so many users more and returns their tokens. */
  async addUsers(count: number): Promise<readonly string[]> {
    const tokens: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) {
        next += 1;
        tokens.push(await addUser(this.env, `bench-${next}`));
      }
    };
    await Promise.all(Array.from({ length: BENCH_OPTIONS.commandsAtOnce }, worker));
    return tokens;
  }

  /** Starts a server and returns it once `path` answers 200. */
  async start(path = "/health/live"): Promise<Server> {
    const startedAt = performance.now();
    const child = new Child(process.execPath, [PATHS.server], { env: this.env, cwd: PATHS.root });
    await answers(child, this.url + path, BENCH_OPTIONS.startTimeoutMs);
    return new Server(this, child, performance.now() - startedAt);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function addUser(env: Environment, name: string): Promise<string> {
  await commandAnswer(env, ["user", "add", "--name", name, "--role", "operations-manager"], "id");
  return commandAnswer(env, ["token", "create", "--user", name, "--ttl", "2h"], "token");
}

/** Resolves when the address answers 200. @throws {BenchError} when the process ends before, or takes too long */
export async function answers(child: Child, url: string, timeoutMs: number): Promise<void> {
  await waitUntil(`${url} answers`, timeoutMs, async () => {
    if (child.ended) {
      throw new BenchError("child_failed", `The server ended before it answered:\n${child.output}`);
    }
    try {
      const { statusCode, body } = await request(url);
      await body.dump();
      return statusCode === 200 ? true : null;
    } catch {
      return null;
    }
  });
}

/** A running server, in a process of its own. */
export class Server {
  readonly installation: Installation;
  /** From its spawn to its first answer. */
  readonly startedMs: number;
  readonly #child: Child;

  constructor(installation: Installation, child: Child, startedMs: number) {
    this.installation = installation;
    this.#child = child;
    this.startedMs = startedMs;
  }

  get url(): string {
    return this.installation.url;
  }

  /** Resident memory of the server, bytes; null where the machine does not tell. */
  async residentBytes(): Promise<number | null> {
    try {
      const status = await readFile(`/proc/${this.#child.process.pid}/status`, "utf8");
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
      return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
    } catch {
      return null;
    }
  }

  /** Ends it without a word. @throws {BenchError} when it had ended by itself */
  async kill(): Promise<void> {
    this.#requireRunning();
    await this.#child.kill();
  }

  /** @throws {BenchError} when it had ended by itself, which spoils what was measured */
  async stop(): Promise<number> {
    this.#requireRunning();
    return this.#child.stop();
  }

  #requireRunning(): void {
    if (!this.#child.ended) return;
    throw new BenchError("child_failed", `The server ended by itself:\n${this.#child.output}`);
  }
}

/** Gives a fresh server to `use` and removes it and its data afterwards, whatever happens. */
export async function withServer<T>(
  settings: Environment,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const installation = await Installation.make(settings);
  try {
    const server = await installation.start();
    let value: T;
    try {
      value = await use(server);
    } catch (error) {
      await server.stop().catch(() => 0);
      throw error;
    }
    await server.stop();
    return value;
  } finally {
    await installation.remove();
  }
}
