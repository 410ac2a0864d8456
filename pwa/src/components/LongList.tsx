import { type ReactNode, useState } from "react";
import { LIMITS } from "../live/limits.ts";
import { formatNumber } from "./format.ts";

export interface LongListProps<T> {
  readonly items: readonly T[];
  keyOf(item: T): string;
  readonly children: (item: T) => ReactNode;
}

/** Draws the first rows and offers the next ones, so that ten thousand never stop the screen. */
export function LongList<T>({ items, keyOf, children }: LongListProps<T>): ReactNode {
  const [shown, setShown] = useState<number>(LIMITS.rowsShown);
  const left = items.length - shown;
  return (
    <>
      <ul className="list">
        {items.slice(0, shown).map((item) => (
          <li key={keyOf(item)} className="list-item">
            {children(item)}
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button
          type="button"
          className="button wide"
          onClick={() => setShown(shown + LIMITS.rowsShown)}
        >
          Show {Math.min(LIMITS.rowsShown, left)} more
          <span className="secondary"> of {formatNumber(left)} left</span>
        </button>
      )}
    </>
  );
}
