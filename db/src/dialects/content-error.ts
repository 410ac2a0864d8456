/** SQLite's codes for "this row cannot be", whatever the moment; all others may pass when it is sent again. */
const CONTENT = /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE)/;

/** The driver says so without a code. */
const CLOSED = /connection is not open/;

/**
 * Whether what was to be stored is the reason, not the state of disk, file or server. An error that has no code of
 * the database at all was made by our own code while it read the content.
 */
export function isContentError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_")) return CONTENT.test(code);
  return !(error instanceof Error && CLOSED.test(error.message));
}
