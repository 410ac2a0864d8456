import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openJournalReader } from "./journal-reader.ts";
import { openJournalWriter } from "./journal-writer.ts";
import { reopeningReader } from "./reopening-reader.ts";

const failsWith = (code: string) =>
  expect.objectContaining({ code: expect.stringContaining(code) as string });

test.skipIf(process.platform !== "linux")(
  "[SUP-10] a journal that is not there, then not to be read, is read once it can be",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "batchwatch-reopen-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    const path = join(dir, "journal.db");
    let opened = 0;
    const reader = reopeningReader(() => {
      opened += 1;
      return openJournalReader(path);
    });
    expect(opened).toBe(0);
    expect(() => reader.readAfter(0, 0, 1, 10)).toThrow(failsWith("SQLITE_CANTOPEN"));
    // The first byte of a process's memory is a file that can be opened and never read (EIO).
    await symlink("/proc/self/mem", path);
    expect(() => reader.readAfter(0, 0, 1, 10)).toThrow(failsWith("SQLITE_IOERR"));
    await rm(path);
    const writer = openJournalWriter(path);
    const bytes = Buffer.from("[]");
    writer.append([
      { partition: 0, receivedAt: 1_000, contract: "native", sourceId: "source-a", bytes },
    ]);
    expect(reader.readAfter(0, 0, 1, 10)).toMatchObject([{ position: 1, receivedAt: 1_000 }]);
    expect(reader.end()).toBe(1);
    expect(opened).toBe(3);
    reader.close();
    writer.close();
  },
);
