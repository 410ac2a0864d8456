import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { EXCLUSIONS, PACKAGES } from "./.ci/coverage/exclusions.mjs";
import type { Reporter, TestCase } from "vitest/node";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Lets the processes that a test starts tell what they ran; only in a coverage run. */
const counted =
  process.env["BATCHWATCH_TEST_COVERAGE"] === undefined
    ? {}
    : { setupFiles: [source("./.ci/coverage/children.mjs")] };
// The longer name first: each stands for all that begins with it.
const alias = {
  "@batchwatch/engine": source("./engine/src/index.ts"),
  "@batchwatch/db/journal": source("./db/src/journal.ts"),
  "@batchwatch/db": source("./db/src/index.ts"),
};
const unit = (name: string) => ({
  resolve: { alias },
  // None of these leaves anything behind in a module, so that files share what they load: loading was half of their time.
  // Properties on a busy machine: none of these waits, so a long limit costs nothing.
  test: {
    name,
    include: [`${name}/src/**/*.test.ts`],
    isolate: false,
    testTimeout: 60_000,
    ...counted,
  },
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
    const again = tests.filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0);
    const lines = [
      ...skipped.map((test) => `skipped: ${nameOf(test)}`).sort(),
      ...again.map((test) => `took two tries: ${nameOf(test)}`).sort(),
    ];
    const counts = `${inState("passed").length} passed, ${failed} failed, ${skipped.length} skipped`;
    process.stdout.write(`${[...lines, counts].join("\n")}\n`);
  },
};

function nameOf(test: TestCase): string {
  const result = test.result();
  const reason = result.state === "skipped" && result.note !== undefined ? ` (${result.note})` : "";
  return `[${test.project.name}] ${test.fullName}${reason}`;
}

/**
 * What other work on this machine would spoil: times near their limits. Others that hold to times are far from theirs. And the smoke runs of the
 * benches, which load the machine as they are made to.
 */
const TIMED = ["abuse", "crash", "faults"]
  .map((name) => `api/test/${name}.test.ts`)
  .concat("pwa/test/app.test.ts", "bench/test/smoke.test.ts");

/** Where time limits are doubled, as the machine serves others too, what waits for a browser or holds to times may be tried twice; the end of the run names it. */
const retry = Number(process.env["BATCHWATCH_TEST_PATIENCE"] ?? "1") > 1 ? 1 : 0;

/** Groups run one after the other, the files of one four at a time: they wait for timers, disks and starts, and by threes a third of two cores was idle. */
function together(groupOrder: number) {
  return {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 4,
    // Tests of one file that say so run at once, each with processes of its own.
    maxConcurrency: 4,
    sequence: { groupOrder },
    // What is built is loaded as it is, and once by all files of a worker: loading was a third of the work.
    server: { deps: { external: [/\/dist\//] } },
    isolate: false,
    ...counted,
  };
}

/** Tests that put something else in a module's place: what they load is theirs alone. A process for each of the others was two thirds of their time. */
export const MOCKING: readonly string[] = [
  "components/AcknowledgeAll",
  "components/IncidentCard",
  "screens/audit/audit",
  "screens/incident/IncidentScreen",
  "screens/now/NowScreen",
  "screens/you/you",
].map((path) => `src/${path}.test.tsx`);

function page(
  name: string,
  more: {
    readonly include?: readonly string[];
    readonly exclude?: readonly string[];
    readonly isolate?: boolean;
  },
) {
  const { include = ["src/**/*.test.{ts,tsx}"], exclude = [], isolate = true } = more;
  return {
    extends: "./pwa/vite.config.ts",
    test: {
      name,
      root: "pwa",
      environment: "happy-dom",
      testTimeout: 60_000,
      include: [...include],
      exclude: [...exclude],
      isolate,
      setupFiles: ["src/test-own-modules.ts"],
    },
  };
}

export default defineConfig({
  test: {
    // Without it a core is left idle, which is half of a machine with two.
    maxWorkers: "100%",
    reporters: ["default", closing],
    coverage: {
      provider: "v8",
      // Files that no test loads count too.
      include: PACKAGES.map((name) => `${name}/src/**/*.{ts,tsx}`),
      exclude: EXCLUSIONS.map(([pattern]) => pattern),
      reporter: ["json"],
      reportsDirectory: "coverage/units",
      // What a failing run counted is of use, too.
      reportOnFailure: true,
    },
    projects: [
      { test: { name: "tidy", include: ["tidy.test.ts"] } },
      // They wait for npm: beside others, not behind the last of them, and not in `npm run check`.
      { test: { name: "ci", include: [".ci/**/*.test.mjs"] } },
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
          retry,
          ...together(1),
        },
      },
      // These hold a server to times: one at once.
      {
        test: {
          name: "timed",
          include: TIMED,
          globalSetup: ["pwa/test/browser-setup.ts"],
          retry,
          ...together(2),
          fileParallelism: false,
        },
      },
      page("pwa", { exclude: MOCKING, isolate: false }),
      page("pwa-mocked", { include: MOCKING }),
    ],
  },
});
