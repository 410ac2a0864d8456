import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { JobChanges } from "./JobChanges.tsx";

afterEach(cleanup);

test("changes read as people set them", () => {
  const change = { at: "2026-11-11T02:00:00.000Z", by: "operations" };
  render(
    <JobChanges
      changes={[
        { ...change, field: "clocks.runBudgetMs", before: null, after: "5400000" },
        { ...change, field: "businessName", before: "GL", after: "General ledger" },
      ]}
    />,
  );
  expect(screen.getByText("run budget: not set → 1 h 30 min")).toBeDefined();
  expect(screen.getByText("business name: GL → General ledger")).toBeDefined();
});
