import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { IncidentListItem, IncidentRow } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MeContext } from "../../components/me.ts";
import { meView } from "../../components/test-me.ts";
import { dashboard, incidentRow } from "../../live/test-rows.ts";
import { liveStore } from "../../live/use-live.ts";
import { keepIn } from "../../offline/device-store.ts";
import { memoryStore } from "../../offline/memory-store.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { IncidentsScreen } from "./IncidentsScreen.tsx";

let network: TestNetwork;
beforeEach(() => {
  keepIn(memoryStore());
  network = new TestNetwork();
  queryClient.setDefaultOptions({ queries: { retry: false } });
});
afterEach(() => {
  cleanup();
  liveStore.clear();
  queryClient.clear();
  vi.restoreAllMocks();
});

function show(incidents: readonly IncidentRow[] | null): void {
  if (incidents !== null) act(() => liveStore.snapshot(dashboard({ incidents }), false));
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={meView()}>
        <IncidentsScreen />
      </MeContext>
    </QueryClientProvider>,
  );
}
function item(id: string, fields: Partial<IncidentRow> = {}): IncidentListItem {
  const { kind: _kind, key: _key, ...rest } = incidentRow(id, { state: "RESOLVED", ...fields });
  return rest;
}
const filter = (text: string): void => {
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: text } });
};

test("open ones come from the board, what nobody has first, with a filter", () => {
  const acknowledgedBy = { userId: "o", name: "Night Operator" };
  show([
    incidentRow("taken", { jobName: "FX rates", acknowledgedBy }),
    incidentRow("free", { jobName: "Ledger load" }),
    incidentRow("over", { jobName: "Old", state: "RESOLVED" }),
  ]);
  const names = (): readonly (string | null)[] =>
    screen.queryAllByRole("heading", { level: 3 }).map((each) => each.textContent);
  expect(names()).toEqual(["Ledger load", "FX rates"]);
  expect(screen.getByText("2 open · 1 nobody has")).toBeDefined();
  filter("fx");
  expect(names()).toEqual(["FX rates"]);
  filter("nothing");
  expect(screen.getByText("No incident matches nothing.")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(names()).toHaveLength(2);
});

test("none open: the last one is named, with how long it took", async () => {
  const since = new Date(2026, 10, 10, 2, 14);
  const resolvedAt = new Date(since.getTime() + 34 * 60_000).toISOString();
  network.answers["incidents.list"] = () => ({
    items: [item("last", { jobName: "GL extract", since: since.toISOString(), resolvedAt })],
    nextCursor: null,
  });
  show([]);
  await screen.findByText("No open incidents. Last: GL extract, 10 Nov 02:14, 34 min.");
});

test("while there is no board it loads, or says why there is none", () => {
  show(null);
  expect(screen.getByText("Loading the incidents…")).toBeDefined();
  act(() => liveStore.patch({ errorCode: "NETWORK" }));
  expect(screen.getByText(/^No connection\./)).toBeDefined();
});

test("resolved ones come page by page", async () => {
  network.answers["incidents.list"] = ({ cursor }) =>
    cursor === null
      ? { items: [item("one", { jobName: "First" })], nextCursor: "next" }
      : { items: [item("two", { jobName: "Second" })], nextCursor: null };
  show([incidentRow("open")]);
  fireEvent.click(screen.getByRole("radio", { name: "Resolved" }));
  await screen.findByText("First");
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  await screen.findByText("Second");
  expect(screen.queryByRole("button", { name: "More" })).toBe(null);
  expect(network.called("incidents.list").map((input) => input["filter"])).toEqual([
    { states: ["RESOLVED"] },
    { states: ["RESOLVED"] },
  ]);
  filter("second");
  expect(screen.queryByText("First")).toBe(null);
});

test("resolved: an error is said and can be tried again", async () => {
  network.isDown = true;
  show([]);
  fireEvent.click(screen.getByRole("radio", { name: "Resolved" }));
  const again = await screen.findByRole("button", { name: "Try again" });
  network.isDown = false;
  network.answers["incidents.list"] = () => ({ items: [], nextCursor: null });
  fireEvent.click(again);
  await screen.findByText("No incident has been resolved yet.");
});
