import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import type { ApprovalStateView, MeView } from "batchwatch/router";
import type { ReactNode } from "react";
import { MeContext } from "../components/me.ts";
import { meView } from "../components/test-me.ts";
import { queryClient } from "../queries.ts";

/** Draws a screen of the signed-in app, for tests. */
export function showScreen(children: ReactNode, me: Partial<MeView> = {}): void {
  queryClient.setDefaultOptions({ queries: { retry: false } });
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={meView({ role: "operations-manager", ...me })}>{children}</MeContext>
    </QueryClientProvider>,
  );
}

export function tap(name: string | RegExp): void {
  fireEvent.click(screen.getByRole("button", { name }));
}

/** Types into the field with this label. */
export function type(label: string | RegExp, value: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

/** Four eyes in force: two people, nothing waits. */
export const TWO_PEOPLE: ApprovalStateView = { setupUntil: null, waiting: 0, breakGlass: 0 };
/** One person may approve alone. */
export const SET_UP: ApprovalStateView = {
  setupUntil: "2099-01-01T00:00:00.000Z",
  waiting: 0,
  breakGlass: 0,
};
