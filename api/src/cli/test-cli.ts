import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { AuditRecord } from "@batchwatch/engine";
import { runCli } from "./main.ts";
import { withStores } from "./open-store.ts";

/** A data folder of its own, and command lines run on it. */
export class TestCli {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<TestCli> {
    return new TestCli(await mkdtemp(join(tmpdir(), "batchwatch-cli-")));
  }

  get env(): NodeJS.ProcessEnv {
    return {
      BATCHWATCH_DATA_DIR: this.folder,
      BATCHWATCH_OIDC_ISSUER: "https://id.example",
      BATCHWATCH_OIDC_CLIENT_ID: "batchwatch",
    };
  }

  /** @param input what is piped in */
  async run(
    argv: readonly string[],
    input = "",
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCli(argv, {
      env: this.env,
      stdin: Readable.from([input]),
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
    });
    return { code, out: out.join(""), err: err.join("") };
  }

  /** The answer as JSON; fails when the command does. */
  async json(argv: readonly string[], input = ""): Promise<Record<string, string>> {
    const { code, out, err } = await this.run([...argv, "--json"], input);
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${code} ${err}`);
    return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as Record<string, string>;
  }

  records(): Promise<readonly AuditRecord[]> {
    return withStores(this.env, ({ audit }) => audit.from(1));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
