import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The Firefox of this machine (`BATCHWATCH_TEST_FIREFOX`, else `firefox-esr` on the path), or why there is none. */
export function findFirefox(): { readonly path: string } | { readonly missing: string } {
  const named = process.env["BATCHWATCH_TEST_FIREFOX"];
  if (named !== undefined && named !== "") {
    return existsSync(named)
      ? { path: named }
      : { missing: `BATCHWATCH_TEST_FIREFOX names ${named}, which does not exist` };
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const path = folders.map((folder) => join(folder, "firefox-esr")).find((one) => existsSync(one));
  return path === undefined ? { missing: "no firefox-esr on this machine" } : { path };
}
