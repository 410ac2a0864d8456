import { act, cleanup, render } from "@testing-library/react";
import type { Dashboard } from "batchwatch/router";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import type { LiveTransport } from "./live-session.ts";
import { dashboard, runRow } from "./test-rows.ts";
import { useLiveSession } from "./use-live-session.ts";
import { liveStore } from "./use-live.ts";

afterEach(() => {
  cleanup();
  liveStore.clear();
});

const boards: Record<string, Dashboard> = {
  all: dashboard({ activeJobs: [runRow("a"), runRow("b")] }),
  lending: dashboard({ activeJobs: [runRow("b")] }),
};
let isDown = false;
const transport: LiveTransport = {
  snapshot: async (team) => {
    const board = isDown ? undefined : boards[team ?? "all"];
    return board ?? Promise.reject(new Error("NETWORK"));
  },
  open: () => ({ stop: () => {}, nudge: () => {} }),
  errorCode: () => "NETWORK",
};

const askWho = (): void => {};
function Session({ scope, team }: { scope: string; team: string | undefined }): ReactNode {
  useLiveSession(scope, team, transport, askWho);
  return null;
}
const shown = (): readonly unknown[] => {
  const { board, team } = liveStore.get();
  return [team, board === null ? null : [...board.rows.keys()]];
};

test("a team that cannot be had leaves the board that is there, and its name", async () => {
  isDown = false;
  const { rerender } = render(<Session scope="me" team={undefined} />);
  await act(() => Promise.resolve());
  expect(shown()).toEqual([null, ["run:a", "run:b"]]);
  isDown = true;
  rerender(<Session scope="me" team="lending" />);
  await act(() => Promise.resolve());
  expect(shown()).toEqual([null, ["run:a", "run:b"]]);
  expect(liveStore.get().errorCode).toBe("NETWORK");
  isDown = false;
  act(() => void window.dispatchEvent(new Event("online")));
  await expect.poll(shown).toEqual(["lending", ["run:b"]]);
});

test("another reader begins with nothing", async () => {
  isDown = false;
  const { rerender } = render(<Session scope="me" team={undefined} />);
  await act(() => Promise.resolve());
  isDown = true;
  rerender(<Session scope="other" team={undefined} />);
  await act(() => Promise.resolve());
  expect(shown()).toEqual([null, null]);
});
