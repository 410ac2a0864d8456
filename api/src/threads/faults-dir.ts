/** The one variable that lets tests harm the threads of a real process; without it test-faults.ts is never loaded. */
const DOOR = "BATCHWATCH_TEST_FAULTS";

/** Folder of the signal files, or null: only the exact value opens the door, and never in production. */
export function faultsDirOf(env: NodeJS.ProcessEnv, dataDir: string): string | null {
  return env[DOOR] === "1" && env["NODE_ENV"] !== "production" ? dataDir : null;
}
