import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { deviceStore, keepIn } from "../offline/device-store.ts";
import { memoryStore } from "../offline/memory-store.ts";
import { useNotificationLinks } from "./use-notification-links.ts";

function Page(): null {
  useNotificationLinks();
  return null;
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  history.replaceState(null, "", "/");
});

/** A worker's message to this page alone, and what the page answers. */
async function asked(data: object): Promise<string> {
  const container = new EventTarget();
  vi.stubGlobal("navigator", { serviceWorker: container, onLine: false, locks: undefined });
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  keepIn(memoryStore());
  render(<Page />);
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<string>((resolve) => {
    port1.addEventListener("message", (said) => resolve(String(said.data)));
    port1.start();
    setTimeout(() => resolve("nothing"), 200);
  });
  const event = Object.assign(new Event("message"), { data, ports: [port2] });
  container.dispatchEvent(event);
  return answer;
}

test("goes where the worker leads it, says so, and notes what was opened", async () => {
  expect(await asked({ type: "open", path: "/incidents/i-1?n=n-1" })).toBe("going");
  expect(location.pathname + location.search).toBe("/incidents/i-1");
  await vi.waitFor(async () =>
    expect(await deviceStore.get("receipts")).toMatchObject([
      { notificationId: "n-1", kind: "seen" },
    ]),
  );
});

test.each([{ type: "open", path: "//elsewhere.example/" }, { type: "open" }, { type: "other" }])(
  "stays where it is for %j",
  async (message) => {
    expect(await asked(message)).toBe("nothing");
    expect(location.pathname).toBe("/");
  },
);
