import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { BoardLists } from "../live/board-lists.ts";
import { type HeldLists, holdLists } from "../live/hold-lists.ts";

/** How long nothing moves after the last finger has left, ms. */
export const HOLD_AFTER_TOUCH_MS = 3_000;

export interface Holding {
  /** What to show: the newest, or in a hold what stays in its place; null while there is no board. */
  readonly shown: HeldLists | null;
  /** True from a touch until three seconds after it. */
  readonly isHeld: boolean;
  /** Lets go at once. */
  release(): void;
}

/**
 * Nothing moves under a finger: a touch inside `root` holds what was drawn last. A mouse holds nothing, as it points
 * before it presses.
 */
export function useHeldLists(root: HTMLElement | null, live: BoardLists | null): Holding {
  const drawn = useRef(live);
  const [held, setHeld] = useState<BoardLists | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLayoutEffect(() => {
    drawn.current = live;
  }, [live]);
  const stopTimer = useCallback((): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  }, []);
  const release = useCallback((): void => {
    stopTimer();
    setHeld(null);
  }, [stopTimer]);
  useEffect(() => {
    if (root === null) return;
    const onDown = (event: PointerEvent): void => {
      if (event.pointerType === "mouse" || isField(event.target)) return;
      stopTimer();
      setHeld((before) => before ?? drawn.current);
    };
    const onUp = (event: PointerEvent): void => {
      if (event.pointerType === "mouse") return;
      stopTimer();
      timer.current = setTimeout(release, HOLD_AFTER_TOUCH_MS);
    };
    root.addEventListener("pointerdown", onDown, { capture: true });
    // A finger may leave the element, or be taken over by scrolling, before it is lifted.
    document.addEventListener("pointerup", onUp, { capture: true });
    document.addEventListener("pointercancel", onUp, { capture: true });
    return () => {
      root.removeEventListener("pointerdown", onDown, { capture: true });
      document.removeEventListener("pointerup", onUp, { capture: true });
      document.removeEventListener("pointercancel", onUp, { capture: true });
      release();
    };
  }, [root, release, stopTimer]);
  const isHeld = held !== null;
  if (live === null) return { shown: null, isHeld, release };
  const shown = held === null ? { lists: live, changes: 0 } : holdLists(held, live);
  return { shown, isHeld, release };
}

/** What is typed must show at once. */
function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}
