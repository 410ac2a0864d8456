import { eventually, ServerProcess } from "../../api/test/server-process.ts";

const PATH = "/api/v1/observations";
export type Kind = "started" | "progress" | "succeeded" | "failed";

/** The real server with one native source that it already knows. */
export class BoardServer {
  readonly process: ServerProcess;
  readonly #key: string;

  private constructor(process: ServerProcess, key: string) {
    this.process = process;
    this.#key = key;
  }

  static async start(env: NodeJS.ProcessEnv = {}): Promise<BoardServer> {
    const server = await ServerProcess.start(env);
    const key = await server.source("browser-jobs");
    await eventually(
      () => server.post(PATH, key, "[]"),
      (response) => response.status === 202,
    );
    await server.ready();
    return new BoardServer(server, key);
  }

  get port(): number {
    return Number(new URL(this.process.url).port);
  }

  /** One fact of one run of each job, in one request, happening now. */
  async tell(kind: Kind, jobs: readonly string[], more: object = {}): Promise<void> {
    const at = new Date().toISOString();
    const members = jobs.map((name) => ({ job: { name }, run: { id: "1" }, kind, at, ...more }));
    const response = await this.process.post(PATH, this.#key, JSON.stringify(members));
    const answer = (await response.json()) as { rejected?: readonly unknown[] };
    if (response.status !== 202 || (answer.rejected ?? []).length > 0) {
      throw new Error(`refused: ${response.status} ${JSON.stringify(answer)}`);
    }
  }

  /** A fresh one-time link for the first user; `base` is where its browser reaches the server. */
  async link(base: string = this.process.url): Promise<string> {
    return rebased(
      (await this.process.command("user", "link", "--name", "operations"))["link"],
      base,
    );
  }
}

/** The same link at another address of the same server. */
export function rebased(link: string | undefined, base: string): string {
  const url = new URL(link ?? "");
  return `${base}${url.pathname}${url.hash}`;
}
