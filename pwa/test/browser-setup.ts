import { existsSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A Chromium that can be started; null when this machine has none, the reason is printed. */
    browserPath: string | null;
  }
}

const SYSTEM_BROWSER = "/usr/bin/chromium";

/** Finds a browser once for all browser tests: a named one, the machine's, else the packaged one. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("browserPath", await findBrowser());
}

async function findBrowser(): Promise<string | null> {
  const named = process.env["BATCHWATCH_TEST_BROWSER"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    return without(`BATCHWATCH_TEST_BROWSER names ${named}, which does not exist`);
  }
  if (existsSync(SYSTEM_BROWSER)) return SYSTEM_BROWSER;
  try {
    return await unpackedBrowser();
  } catch (error) {
    return without(error instanceof Error ? error.message : String(error));
  }
}

/** Unpacked into the user's own directory: another user's copy could be neither read nor trusted. */
async function unpackedBrowser(): Promise<string> {
  const directory = path.join(tmpdir(), `batchwatch-browser-${userInfo().uid}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const before = process.env["TMPDIR"];
  // The package unpacks into the temporary directory and reuses what it finds there.
  process.env["TMPDIR"] = directory;
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

function without(reason: string): null {
  process.stderr.write(`Browser tests are skipped: ${reason}.\n`);
  return null;
}
