import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "./App.tsx";
import { deviceStore, keepIn } from "./offline/device-store.ts";
import { memoryStore } from "./offline/memory-store.ts";
import { pairHere } from "./offline/test-paired.ts";
import { card } from "./offline/test-card.ts";
import { queryClient } from "./queries.ts";
import { TestNetwork } from "./screens/test-network.ts";

/** A paired phone whose session was lost, opened at what its owner was paged for. */
beforeEach(async () => {
  keepIn(memoryStore());
  await deviceStore.set("owner", { userId: "me", confirmed: false });
  await pairHere();
  await deviceStore.set("cards", [
    {
      incidentId: "i-1",
      version: 4,
      title: "FAILED GL extract",
      body: "02:14 Settlement file missing.",
      card: card(),
      receivedAt: new Date().toISOString(),
    },
  ]);
  queryClient.setDefaultOptions({ queries: { retry: false } });
  history.replaceState(null, "", "/incidents/i-1");
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

/** Parts of the screen come late and one after the other, on a busy machine very late. */
const LATE = { timeout: 20_000 };
const has = (text: string): Promise<HTMLElement> => screen.findByText(text, undefined, LATE);

test("a network on which nothing arrives keeps nobody from what they were paged for", async () => {
  const network = new TestNetwork();
  vi.mocked(globalThis.fetch).mockReturnValue(new Promise(() => {}));
  render(<App />);
  expect(screen.getByText("Loading the board…")).toBeDefined();
  await has("The server has not answered yet. You can still answer what was paged to you.");
  await screen.findByRole("button", { name: /^Acknowledge/ }, LATE);
  expect(network.calls).toEqual([]);
}, 30_000);

test("neither does one that is down", async () => {
  new TestNetwork().isDown = true;
  render(<App />);
  await has("No connection. You can still answer what was paged to you.");
  await screen.findByRole("heading", { name: "FAILED GL extract" }, LATE);
}, 30_000);
