import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boardShown, type ShownOptions, thisPage } from "./board-shown.ts";
import { LIMITS } from "./limits.ts";
import { LiveStore } from "./live-store.ts";
import { dashboard } from "./test-rows.ts";
import { type Observers, reportVitals, type VitalsReport } from "./vitals.ts";

describe("when the board is shown", () => {
  let store: LiveStore;
  let clock: number;
  let isSeen: boolean;
  let paints: (() => void)[];
  const options = (): ShownOptions => ({
    store,
    counts: () => isSeen,
    painted: (done) => paints.push(done),
    now: () => clock,
  });
  beforeEach(() => {
    store = new LiveStore(() => clock);
    clock = 0;
    isSeen = true;
    paints = [];
  });

  it("is the paint after the server's first answer, not that answer", async () => {
    const shown = boardShown(options());
    store.patch({ online: true });
    expect(paints).toHaveLength(0);
    clock = 700;
    store.snapshot(dashboard(), false);
    store.snapshot(dashboard(), false);
    expect(paints).toHaveLength(1);
    clock = 740;
    paints[0]?.();
    expect(await shown).toEqual({ shownMs: 740, from: "server" });
  });

  it("is the first paint where a board was kept on the device", async () => {
    store.snapshot(dashboard(), false);
    const shown = boardShown(options());
    clock = 210;
    paints[0]?.();
    expect(await shown).toEqual({ shownMs: 210, from: "device" });
  });

  it("does not count for a page that nobody waits for", async () => {
    store.snapshot(dashboard(), false);
    const shown = boardShown(options());
    isSeen = false;
    paints[0]?.();
    expect(await shown).toBeNull();
  });

  it.each(["visibilitychange", "pointerdown", "keydown"])(
    "counts on a page, after two frames, until a %s",
    async (event) => {
      const page = thisPage();
      expect(page.counts()).toBe(true);
      await new Promise<void>((resolve) => {
        page.painted(resolve);
      });
      expect(page.now()).toBeGreaterThan(0);
      document.dispatchEvent(new Event(event));
      expect(page.counts()).toBe(false);
    },
  );
});

describe("the report of a load [S66]", () => {
  const SHOWN = { shownMs: 900, from: "server" } as const;
  let reports: VitalsReport[];
  let measure: Record<string, (value: number) => void>;
  const observers = Object.fromEntries(
    ["ttfbMs", "fcpMs", "lcpMs", "inpMs"].map((name) => [
      name,
      (report: (metric: { value: number }) => void) => {
        measure[name] = (value) => report({ value });
      },
    ]),
  ) as unknown as Observers;
  const start = (): void =>
    reportVitals(
      SHOWN,
      async (report) => {
        reports.push(report);
        throw new Error("no network");
      },
      observers,
    );
  beforeEach(() => {
    vi.useFakeTimers();
    reports = [];
    measure = {};
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is sent once, with the newest of each figure and no more than was measured", () => {
    start();
    measure["lcpMs"]?.(500);
    measure["lcpMs"]?.(800);
    measure["ttfbMs"]?.(40);
    vi.advanceTimersByTime(LIMITS.vitalsAfterMs);
    document.dispatchEvent(new Event("visibilitychange"));
    vi.advanceTimersByTime(LIMITS.vitalsAfterMs);
    expect(reports).toEqual([{ ...SHOWN, lcpMs: 800, ttfbMs: 40 }]);
  });

  it("is sent when the page is left early", () => {
    start();
    measure["inpMs"]?.(120);
    document.dispatchEvent(new Event("visibilitychange"));
    vi.advanceTimersByTime(LIMITS.vitalsAfterMs);
    expect(reports).toEqual([{ ...SHOWN, inpMs: 120 }]);
  });

  it("asks a browser that measures nothing without harm", () => {
    reportVitals(SHOWN, async (report) => reports.push(report));
    vi.advanceTimersByTime(LIMITS.vitalsAfterMs);
    expect(reports).toMatchObject([SHOWN]);
  });
});
