/** The journal alone: who only reads or writes it loads none of the store. */
export {
  openJournalWriter,
  type JournalStats,
  type JournalWriter,
} from "./journal/journal-writer.ts";
export { openJournalReader } from "./journal/journal-reader.ts";
export { reopeningReader } from "./journal/reopening-reader.ts";
export { setJournalAside } from "./journal/set-aside.ts";
export { JournalError } from "./journal/journal-error.ts";
