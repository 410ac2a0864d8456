import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JournalWriter, openJournalWriter } from "@batchwatch/db/journal";
import { RecordStream } from "../load/record-stream.ts";

/** A journal that grows by a round at a time and that every contender reads. */
export class RoundJournal {
  readonly path: string;
  readonly #folder: string;
  readonly #stream: RecordStream;
  readonly #writer: JournalWriter;

  private constructor(folder: string, jobs: number, startsAt: number) {
    this.#folder = folder;
    this.path = join(folder, "journal.db");
    this.#stream = new RecordStream(jobs, startsAt);
    this.#writer = openJournalWriter(this.path);
  }

  /** @param startsAt epoch milliseconds of the first fact */
  static async make(jobs: number, startsAt: number): Promise<RoundJournal> {
    return new RoundJournal(await mkdtemp(join(tmpdir(), "batchwatch-bench-")), jobs, startsAt);
  }

  add(facts: number): void {
    this.#writer.append(this.#stream.next(facts));
  }

  async remove(): Promise<void> {
    this.#writer.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
