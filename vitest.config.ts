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

export default defineConfig({
  test: {
    reporters: ["default", closing],
    projects: [
      { test: { name: "tidy", include: ["tidy.test.ts"] } },
      unit("engine"),
      unit("db"),
      unit("api"),
      unit("bench"),
      // Real processes, threads and sockets: these import ../dist, so the build comes first.
      {
        test: {
          name: "integration",
          include: ["{api,db}/test/**/*.test.ts"],
          // Each starts a server of several threads and holds it to times: not two at once.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["pwa/test/**/*.test.ts"],
          globalSetup: ["pwa/test/browser-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
