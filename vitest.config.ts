import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { Reporter, TestCase } from "vitest/node";

const source = (name: string) => fileURLToPath(new URL(`./${name}/src/index.ts`, import.meta.url));
const alias = { "@batchwatch/engine": source("engine"), "@batchwatch/db": source("db") };
const unit = (name: string) => ({
  resolve: { alias },
  // Properties on a busy machine: none of these waits, so a long limit costs nothing.
  test: { name, include: [`${name}/src/**/*.test.ts`], testTimeout: 60_000 },
});

/** Ends a run with one line to read by machine, and above it every skipped test by name and reason. */
const closing: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = tests.filter((test) => !["passed", "failed"].includes(test.result().state));
    // A file that cannot be loaded, or a hook that fails, has errors and perhaps no failed test.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.reduce((sum, suite) => sum + suite.errors().length, 0);
    const failed = inState("failed").length + broken + unhandledErrors.length;
    const lines = skipped.map((test) => `skipped: ${nameOf(test)}`).sort();
    const counts = `${inState("passed").length} passed, ${failed} failed, ${skipped.length} skipped`;
    process.stdout.write(`${[...lines, counts].join("\n")}\n`);
  },
};

function nameOf(test: TestCase): string {
  const result = test.result();
  const reason = result.state === "skipped" && result.note !== undefined ? ` (${result.note})` : "";
  return `[${test.project.name}] ${test.fullName}${reason}`;
}

const TIMED = ["abuse", "crash", "faults", "live", "pause"]
  .map((name) => `api/test/${name}.test.ts`)
  .concat(["app", "live", "network"].map((name) => `pwa/test/${name}.test.ts`));

/** Groups run one after the other, the files of one three at a time: they wait for timers, disks and starts. */
function together(groupOrder: number) {
  return {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    sequence: { groupOrder },
  };
}

export default defineConfig({
  test: {
    reporters: ["default", closing],
    projects: [
      { test: { name: "tidy", include: ["tidy.test.ts"] } },
      unit("engine"),
      unit("db"),
      unit("api"),
      unit("bench"),
      // Real processes, threads and sockets: these import ../dist, so the build comes first. They wait more than they work.
      {
        test: {
          name: "integration",
          include: ["{api,db}/test/**/*.test.ts"],
          exclude: TIMED,
          ...together(1),
        },
      },
      {
        test: {
          name: "browser",
          include: ["pwa/test/**/*.test.ts"],
          exclude: TIMED,
          globalSetup: ["pwa/test/browser-setup.ts"],
          ...together(1),
        },
      },
      // These hold a server to times: one at once.
      {
        test: {
          name: "timed",
          include: TIMED,
          globalSetup: ["pwa/test/browser-setup.ts"],
          ...together(2),
          fileParallelism: false,
        },
      },
      {
        extends: "./pwa/vite.config.ts",
        test: {
          name: "pwa",
          root: "pwa",
          environment: "happy-dom",
          testTimeout: 60_000,
          include: ["src/**/*.test.{ts,tsx}"],
        },
      },
    ],
  },
});
