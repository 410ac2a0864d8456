import { type Metric, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
import type { BoardShown } from "./board-shown.ts";
import { LIMITS } from "./limits.ts";

/** What is told of one load: numbers, and nothing of whose page it is or where. */
export interface VitalsReport extends BoardShown {
  readonly ttfbMs?: number;
  readonly fcpMs?: number;
  readonly lcpMs?: number;
  readonly inpMs?: number;
}

type Observe = (report: (metric: Pick<Metric, "value">) => void) => void;
export type Observers = Readonly<Record<"ttfbMs" | "fcpMs" | "lcpMs" | "inpMs", Observe>>;

/** The browser's own figures; each may come again, larger. A browser without one of them never reports it. */
const BROWSERS: Observers = {
  ttfbMs: (report) => onTTFB(report),
  fcpMs: (report) => onFCP(report),
  lcpMs: (report) => onLCP(report, { reportAllChanges: true }),
  inpMs: (report) => onINP(report, { reportAllChanges: true }),
};

/**
 * Sends one report of this load: when the page is left, or after LIMITS.vitalsAfterMs. What cannot be sent is lost: it is a
 * figure among many.
 */
export function reportVitals(
  shown: BoardShown,
  send: (report: VitalsReport) => Promise<unknown>,
  observers: Observers = BROWSERS,
): void {
  const measured: Partial<Record<keyof Observers, number>> = {};
  for (const [name, observe] of Object.entries(observers) as [keyof Observers, Observe][]) {
    observe(({ value }) => {
      measured[name] = value;
    });
  }
  const sendOnce = (): void => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", sendOnce);
    send({ ...shown, ...measured }).catch(() => {});
  };
  const timer = setTimeout(sendOnce, LIMITS.vitalsAfterMs);
  document.addEventListener("visibilitychange", sendOnce);
}
