import type { ReactNode } from "react";
import { useNow } from "../../live/tick-clock.ts";

/** Seconds left until then (epoch milliseconds of the clock); 0 once it is over. */
export function useSecondsLeft(until: number | null): number {
  const now = useNow();
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
}

/** Not read out each second: what is wrong is said once, above. */
export function Countdown({ seconds }: { readonly seconds: number }): ReactNode {
  if (seconds === 0) return null;
  const words = seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return <p className="secondary num">Try again in {words}.</p>;
}
