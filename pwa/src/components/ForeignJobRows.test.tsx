import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ForeignJobRows } from "./ForeignJobRows.tsx";

afterEach(cleanup);

const JOB = {
  name: "ledger-close",
  teamName: "Accounting",
  state: "running",
  etaAt: "2026-11-24T03:40:00.000Z",
  onCall: "Duty Operator",
} as const;

test("another team's job is a plain row: name, team, state with its end, who is on call, and no link [S61]", () => {
  render(<ForeignJobRows jobs={[JOB, { ...JOB, etaAt: null, onCall: null }]} />);
  const [first, second] = screen.getAllByRole("listitem");
  expect(first?.textContent).toMatch(
    /Running.*ends about .*ledger-close.*Accounting · on call: Duty Operator/i,
  );
  expect(second?.textContent).not.toMatch(/ends|on call/);
  expect(screen.queryAllByRole("link")).toEqual([]);
});

test("nothing is shown where there is none", () => {
  const { container } = render(<ForeignJobRows jobs={[]} />);
  expect(container.textContent).toBe("");
});
