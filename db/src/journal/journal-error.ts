/** The journal cannot be used as asked. Errors of SQLite itself pass through with their own `code`. */
export class JournalError extends Error {
  readonly code: "closed" | "record_version" | "journal_newer";
  constructor(code: JournalError["code"], message: string) {
    super(message);
    this.name = "JournalError";
    this.code = code;
  }
}
