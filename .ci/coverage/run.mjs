// npm run coverage [-- what vitest takes]: every test once, with what it ran counted in all its processes, threads and pages.
// Ends with 1 when a test failed or a package is below the bar. `--report` prints the report of the last run again.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FOLDERS, report, ROOT } from "./report.mjs";

const args = process.argv.slice(2);
const again = args.includes("--report");
let status = 0;
if (!again) {
  rmSync(join(ROOT, "coverage"), { recursive: true, force: true });
  for (const folder of Object.values(FOLDERS)) mkdirSync(folder, { recursive: true });
  const env = { ...process.env, BATCHWATCH_TEST_COVERAGE: FOLDERS.raw };
  const run = (script, more) =>
    spawnSync("npm", ["run", "-s", script, "--", ...more], { cwd: ROOT, env, stdio: "inherit" })
      .status ?? 1;
  status = run("test", ["--coverage.enabled", ...args]);
}
const reached = report();
process.exit(status !== 0 || !reached ? 1 : 0);
