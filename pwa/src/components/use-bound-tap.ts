import { useRef } from "react";

export interface BoundTap {
  onPointerDown(): void;
  onPointerCancel(): void;
  onClick(): void;
}

/** Handlers that act on what was under the finger when it came down, whatever is shown there when it is lifted. */
export function useBoundTap<T>(target: T, act: (target: T) => void): BoundTap {
  const held = useRef<{ readonly target: T } | null>(null);
  return {
    onPointerDown: () => {
      held.current = { target };
    },
    onPointerCancel: () => {
      held.current = null;
    },
    onClick: () => {
      const bound = held.current;
      held.current = null;
      act(bound === null ? target : bound.target);
    },
  };
}
