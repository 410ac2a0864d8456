import type { JournalReader } from "@batchwatch/engine";

/**
 * A reader over one that is opened when it is first read, and anew after a read that failed: what was open while its
 * volume was away may never work again. Each call fails as opening or reading does; the next one tries again.
 */
export function reopeningReader(open: () => JournalReader): JournalReader {
  let current: JournalReader | null = null;
  const close = () => {
    current?.close();
    current = null;
  };
  const reading = <T>(read: (reader: JournalReader) => T): T => {
    current ??= open();
    try {
      return read(current);
    } catch (error) {
      close();
      throw error;
    }
  };
  return {
    readAfter: (...range) => reading((reader) => reader.readAfter(...range)),
    end: () => reading((reader) => reader.end()),
    close,
  };
}
