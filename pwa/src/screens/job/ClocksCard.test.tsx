import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ClocksCard, type ClocksCardProps } from "./ClocksCard.tsx";
import { jobSettings } from "./test-settings.ts";

const NONE = jobSettings().clocks;

function show(fields: Partial<ClocksCardProps> = {}) {
  const onSave = vi.fn<ClocksCardProps["onSave"]>(async () => null);
  render(
    <ClocksCard settings={jobSettings()} cadence="DAILY" mayChange onSave={onSave} {...fields} />,
  );
  return onSave;
}
const fact = (name: string) => screen.getByText(name).nextElementSibling?.textContent;
afterEach(cleanup);

test("each clock says whether a person set it or where else its limit comes from", () => {
  show({ settings: jobSettings({ clocks: { ...NONE, runBudgetMs: 5_400_000 } }) });
  expect(fact("Run budget")).toBe("1 h 30 min, set by a person");
  expect(fact("Start grace")).toBe("10 min (default of a daily job)");
  expect(fact("Least duration")).toContain("a quarter of the median");
  expect(fact("Heartbeat")).toContain("learned from each stage's own commits");
});

test("[CLOCK-10] a job that is retired or not monitored has no clocks", () => {
  show({ settings: jobSettings({ lifecycle: "RETIRED" }) });
  expect(screen.getByText(/^Retired/)).toBeDefined();
  expect(screen.queryByRole("button")).toBe(null);
  cleanup();
  show({ settings: jobSettings({ monitored: false }) });
  expect(screen.getByText(/^Not monitored/)).toBeDefined();
});

test("clocks are changed in words, and a text that is no duration never leaves the page", async () => {
  const onSave = show({ settings: jobSettings({ clocks: { ...NONE, runBudgetMs: 5_400_000 } }) });
  fireEvent.click(screen.getByRole("button", { name: "Change the clocks" }));
  const grace = screen.getByLabelText("Start grace");
  fireEvent.change(grace, { target: { value: "soon" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText(/^This is not a duration/)).toBeDefined();
  expect(onSave).not.toHaveBeenCalled();

  fireEvent.change(grace, { target: { value: "15 min" } });
  fireEvent.change(screen.getByLabelText("Run budget"), { target: { value: "" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("button", { name: "Change the clocks" });
  expect(onSave).toHaveBeenCalledWith({ ...NONE, startGraceMs: 900_000 });
});

test("the focus goes into the form and back to what opened it", async () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Change the clocks" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Start grace"));
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Change the clocks" }));
});
