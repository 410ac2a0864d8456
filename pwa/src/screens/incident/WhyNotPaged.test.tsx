import { cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap } from "../test-screen.tsx";
import { WhyNotPaged } from "./WhyNotPaged.tsx";

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

test("the one reason is asked for, with the way to what was recorded", async () => {
  network.answers["incidents.whyNotPaged"] = () => ({
    incidentId: "i1",
    paged: false,
    reason: "source-watching",
    severity: "HIGH",
    deliveries: [],
  });
  showScreen(<WhyNotPaged incidentId="i1" />);
  tap("Why was nobody paged?");
  await screen.findByText(/^Nobody was paged: .+ Its severity is HIGH\.$/);
  expect(screen.getByRole("link", { name: "In the record" }).getAttribute("href")).toBe(
    "/more/audit?about=incident&id=i1",
  );
  cleanup();
  showScreen(<WhyNotPaged incidentId="i1" />, { role: "on-call" });
  tap("Why was nobody paged?");
  await screen.findByText(/^Nobody was paged/);
  expect(screen.queryByRole("link")).toBe(null);
});

test("a failure is said, and asked again", async () => {
  network.isDown = true;
  showScreen(<WhyNotPaged incidentId="i1" />);
  tap("Why was nobody paged?");
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
  network.isDown = false;
  network.answers["incidents.whyNotPaged"] = () => ({
    incidentId: "i1",
    paged: true,
    reason: null,
    severity: null,
    deliveries: [{}],
  });
  tap("Try again");
  await screen.findByText("Somebody was paged by now: 1 message.");
});
