import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { runView } from "../../live/test-run-view.ts";
import { RunWhy } from "./RunWhy.tsx";

afterEach(cleanup);

test("nothing where the facts alone say it", () => {
  const { container } = render(<RunWhy run={runView()} />);
  expect(container.innerHTML).toBe("");
});

test("a limit says where it comes from, and an earlier attempt can be opened", () => {
  render(
    <RunWhy
      run={runView({
        state: "recovering",
        attempt: 2,
        evidence: [
          { code: "new-attempt", attempt: 2, earlierExecutionId: "e1", earlierState: "failed" },
          {
            code: "over-budget",
            budgetMs: 3_000_000,
            budgetOrigin: "LEARNED",
            usualMs: 1_500_000,
          },
        ],
      })}
    />,
  );
  expect(screen.getByText("Attempt 2. Attempt 1 failed.")).toBeDefined();
  const earlier = screen.getByRole("link", { name: "Open the earlier attempt" });
  expect(earlier.getAttribute("href")).toBe("/runs/e1");
  expect(screen.getByText(/budget 50 min \(2 × the usual 25 min\)/)).toBeDefined();
  expect(screen.getByText(/learned from the past of this job/)).toBeDefined();
});
