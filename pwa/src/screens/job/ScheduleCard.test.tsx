import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import type { JobSettingsView, ScheduleProposal } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { ScheduleCard, type ScheduleCardProps } from "./ScheduleCard.tsx";
import { jobSettings } from "./test-settings.ts";

const SCHEDULE: JobSettingsView["schedule"] = {
  expression: "0 2 * * 1-5",
  zone: "Europe/Berlin",
  calendarId: "target",
  freeDayRule: "NEXT",
  origin: "SET",
  since: "2026-11-01T00:00:00.000Z",
};
const PROPOSAL: ScheduleProposal = {
  expression: "0 2 * * 1-5",
  zone: "Europe/Berlin",
  workdays: [1, 2, 3, 4, 5],
  confidence: 1,
  matched: 14,
  of: 14,
  fromNominal: false,
};

function show(fields: Partial<ScheduleCardProps> = {}) {
  const onSave = vi.fn<ScheduleCardProps["onSave"]>(async () => null);
  showScreen(
    <ScheduleCard
      settings={jobSettings()}
      cadence={null}
      nextExpectedAt={null}
      proposal={null}
      calendars={[{ calendarId: "target", name: "TARGET" }]}
      mayChange
      onSave={onSave}
      {...fields}
    />,
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

test("without a schedule nothing is due, and it says so", () => {
  show({ mayChange: false });
  expect(fact("Due")).toBe("no schedule: nothing is due, so nothing can be late");
  expect(fact("How often")).toBe("not known yet");
  expect(screen.queryByRole("button")).toBe(null);
});

test("a schedule in words, with zone, calendar and the next start", async () => {
  show({
    settings: jobSettings({ schedule: SCHEDULE }),
    cadence: "DAILY",
    nextExpectedAt: "2026-11-12T01:00:00.000Z",
  });
  await screen.findByText("At 02:00, Monday through Friday");
  expect(fact("Expression")).toBe("0 2 * * 1-5 in Europe/Berlin");
  expect(fact("Next start")).toMatch(/^Thu,? 12 Nov, 02:00 Europe\/Berlin$/);
  expect(fact("Calendar")).toBe("TARGET");
  expect(fact("On free days")).toBe("moved to the next business day");
  expect(fact("How often")).toBe("about daily (learned)");
});

test("a proposal is taken after it was said why, and only by who may", async () => {
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  const onSave = show({ proposal: PROPOSAL });
  expect(screen.getByText(/^Seen 14 of 14 nights at about 02:00/)).toBeDefined();
  tap("Use this schedule");
  await screen.findByLabelText("Why");
  tap("Ask for approval");
  await screen.findByText("Say why in a few words.");
  expect(onSave).not.toHaveBeenCalled();
  type("Why", " It has run like this for weeks. ");
  tap("Ask for approval");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBe(null));
  expect(onSave).toHaveBeenCalledWith(
    { expression: "0 2 * * 1-5", zone: "Europe/Berlin", calendarId: null, freeDayRule: "RUN" },
    expect.objectContaining({ reason: "It has run like this for weeks.", breakGlass: false }),
  );
  cleanup();
  show({ proposal: PROPOSAL, mayChange: false });
  expect(screen.queryByRole("button")).toBe(null);
});

test("the form says at the field what the server refused, and closes once it is saved", async () => {
  const onSave = show({ settings: jobSettings({ schedule: SCHEDULE }) });
  onSave.mockResolvedValueOnce({
    code: "invalid_schedule",
    field: "schedule.expression",
    message: "schedule.expression: minute must hold 0 to 59.",
  });
  fireEvent.click(screen.getByRole("button", { name: "Change the schedule" }));
  await screen.findByText(/^Set-up: it is applied at once/);
  const due = screen.getByLabelText("Due at");
  fireEvent.change(due, { target: { value: "61 2 * * *" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Minute must hold 0 to 59.");
  expect(due.getAttribute("aria-invalid")).toBe("true");
  expect(onSave).toHaveBeenLastCalledWith(
    expect.objectContaining({ expression: "61 2 * * *" }),
    expect.objectContaining({ reason: "", breakGlass: false }),
  );

  fireEvent.change(due, { target: { value: "  " } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("button", { name: "Change the schedule" });
  expect(onSave).toHaveBeenLastCalledWith(null, expect.anything());
});
