import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PATHS } from "./paths.ts";

const run = promisify(execFile);

/** The commit that is checked out; "none" before the first one and without git. */
export async function commitId(): Promise<string> {
  try {
    const { stdout } = await run("git", ["rev-parse", "HEAD"], { cwd: PATHS.root });
    return stdout.trim();
  } catch {
    return "none";
  }
}
