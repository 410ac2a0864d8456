/**
 * Everything under a package's `src` that the 90 % are not asked of, with the reason. Nothing else is left out: a file that no
 * test loads counts with all its lines.
 *
 * @type {readonly (readonly [pattern: string, reason: string])[]}
 */
export const EXCLUSIONS = [
  ["**/*.test.{ts,tsx}", "tests"],
  ["**/test-*.{ts,tsx}", "what tests are made with; nothing of it is in a running server"],
  ["**/*-conformance.ts", "tests that run against every implementation"],
  ["**/*.d.ts", "types only"],
  [
    "bench/src/**",
    "takes figures of a server for minutes, which is done when figures are wanted; what it computes with them has tests",
  ],
];

export const PACKAGES = ["engine", "db", "api", "pwa"];

/** Lines and statements that must have run, per cent: over all packages, and in each. */
export const BAR = 90;
