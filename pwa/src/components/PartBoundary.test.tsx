import { cleanup, render, screen } from "@testing-library/react";
import { lazy, type ReactNode, Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PartBoundary } from "./PartBoundary.tsx";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const Lost = lazy(async (): Promise<{ default: () => ReactNode }> => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

test("a part that cannot be loaded leaves the rest, and can be loaded again", async () => {
  render(
    <main>
      <p>The rest</p>
      <PartBoundary>
        <Suspense fallback={null}>
          <Lost />
        </Suspense>
      </PartBoundary>
      <PartBoundary isQuiet>
        <Suspense fallback={null}>
          <Lost />
        </Suspense>
      </PartBoundary>
    </main>,
  );
  await screen.findByRole("button", { name: "Load again" });
  expect(screen.getByText("The rest")).toBeTruthy();
  expect(screen.getAllByRole("alert")).toHaveLength(1);
});

test("another screen is tried anew", async () => {
  const { rerender } = render(
    <PartBoundary of="/jobs">
      <Suspense fallback={null}>
        <Lost />
      </Suspense>
    </PartBoundary>,
  );
  await screen.findByRole("alert");
  rerender(
    <PartBoundary of="/more">
      <p>More</p>
    </PartBoundary>,
  );
  expect(screen.getByText("More")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});
