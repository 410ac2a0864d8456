/** The one variable that lets tests harm the threads of a real process; without it test-faults.ts is never loaded. */
const DOOR = "BATCHWATCH_TEST_FAULTS";

const TOKEN_MS = "BATCHWATCH_TEST_ACCESS_TOKEN_MS";

/** Life of an access token where a test asks for a short one, ms; null: as the options say. Behind the same door as the faults. */
export function testAccessTokenMsOf(env: NodeJS.ProcessEnv): number | null {
  if (faultsDirOf(env, "") === null) return null;
  const ms = Number(env[TOKEN_MS] ?? "");
  return Number.isSafeInteger(ms) && ms >= 1_000 ? ms : null;
}

/** Folder of the signal files, or null: only the exact value opens the door, and never in production. */
export function faultsDirOf(env: NodeJS.ProcessEnv, dataDir: string): string | null {
  return env[DOOR] === "1" && env["NODE_ENV"] !== "production" ? dataDir : null;
}
