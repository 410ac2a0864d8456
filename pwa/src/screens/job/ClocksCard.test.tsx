import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import type { Role } from "batchwatch/router";
import { ClocksCard, type ClocksCardProps } from "./ClocksCard.tsx";
import { jobSettings } from "./test-settings.ts";

const NONE = jobSettings().clocks;

function show(fields: Partial<ClocksCardProps> = {}, role: Role = "operations-manager") {
  const onSave = vi.fn<ClocksCardProps["onSave"]>(async () => null);
  showScreen(
    <ClocksCard settings={jobSettings()} cadence="DAILY" mayChange onSave={onSave} {...fields} />,
    { role },
  );
  return onSave;
}
const fact = (name: string) => screen.getByText(name).nextElementSibling?.textContent;
let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  network.answers["approvals.state"] = () => SET_UP;
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

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
  await screen.findByText(/^Set-up: it is applied at once/);
  const grace = screen.getByLabelText("Start grace");
  fireEvent.change(grace, { target: { value: "soon" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText(/^This is not a duration/)).toBeDefined();
  expect(onSave).not.toHaveBeenCalled();

  fireEvent.change(grace, { target: { value: "15 min" } });
  fireEvent.change(screen.getByLabelText("Run budget"), { target: { value: "" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("button", { name: "Change the clocks" });
  expect(onSave).toHaveBeenCalledWith(
    { ...NONE, startGraceMs: 900_000 },
    expect.objectContaining({ reason: "", breakGlass: false }),
  );
});

test("who may break the glass is told what that means before it is done", async () => {
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  const onSave = show();
  tap("Change the clocks");
  fireEvent.click(await screen.findByLabelText(/^Break the glass/));
  expect(screen.getByText(/^It stands for 2 h and is then taken back/)).toBeDefined();
  type("Start grace", "15 min");
  type("Why", "The vendor's batch is slow tonight.");
  tap("Apply now");
  await screen.findByRole("button", { name: "Change the clocks" });
  expect(onSave).toHaveBeenCalledWith(
    { ...NONE, startGraceMs: 900_000 },
    expect.objectContaining({ breakGlass: true, reason: "The vendor's batch is slow tonight." }),
  );
});

test("a team lead asks, and cannot break the glass", async () => {
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  show({}, "team-lead");
  tap("Change the clocks");
  await screen.findByRole("button", { name: "Ask for approval" });
  expect(screen.queryByLabelText(/^Break the glass/)).toBe(null);
});

test("the focus goes into the form and back to what opened it", async () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Change the clocks" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Start grace"));
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Change the clocks" }));
});
