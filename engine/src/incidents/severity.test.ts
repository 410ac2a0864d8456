import { expect, it } from "vitest";
import { RULES } from "../model/alert.ts";
import { severityOf, wakes } from "./severity.ts";

it("[INC-4] the tier raises and lowers what the rule says", () => {
  const table = RULES.map((rule) => [rule, ...[1, 2, 3, 4].map((tier) => severityOf(rule, tier))]);
  expect(table).toEqual([
    ["failed", "CRITICAL", "HIGH", "MEDIUM", "LOW"],
    ["missed", "CRITICAL", "HIGH", "MEDIUM", "LOW"],
    ["stalled", "CRITICAL", "HIGH", "MEDIUM", "LOW"],
    ["source-silent", "HIGH", "MEDIUM", "MEDIUM", "LOW"],
  ]);
  expect((["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const).map(wakes)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
