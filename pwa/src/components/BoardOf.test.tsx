import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { dashboard } from "../live/test-rows.ts";
import { liveStore } from "../live/use-live.ts";
import { BoardOf } from "./BoardOf.tsx";
import { MeContext } from "./me.ts";
import { chooseTeam } from "./team-choice.ts";
import { meView } from "./test-me.ts";

afterEach(() => {
  cleanup();
  chooseTeam(null);
  liveStore.clear();
});

test("a board that is not that of the chosen team says whose it is, until there is that one", () => {
  render(
    <MeContext value={meView()}>
      <BoardOf />
    </MeContext>,
  );
  act(() => liveStore.snapshot(dashboard(), false));
  expect(screen.queryByRole("status")).toBe(null);
  act(() => chooseTeam("lending"));
  expect(screen.getByRole("status").textContent).toBe(
    "Still the board of all teams. That of Lending comes when the server answers.",
  );
  act(() => liveStore.snapshot(dashboard(), false, "lending"));
  expect(screen.queryByRole("status")).toBe(null);
});
