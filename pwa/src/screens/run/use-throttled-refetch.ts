import { useEffect, useRef } from "react";
import { LIMITS } from "../../live/limits.ts";

/** Calls `refetch` when `value` changes, at most once a second; the last change is never lost. */
export function useThrottledRefetch(value: unknown, refetch: () => unknown): void {
  const seen = useRef(value);
  const fetchedAt = useRef(0);
  useEffect(() => {
    if (seen.current === value) return;
    const waitMs = Math.max(0, fetchedAt.current + LIMITS.runRefetchIntervalMs - Date.now());
    const timer = setTimeout(() => {
      seen.current = value;
      fetchedAt.current = Date.now();
      refetch();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [value, refetch]);
}
