import type { ReactNode } from "react";

export interface ChangesPillProps {
  /** Held back while something is touched. */
  readonly changes: number;
  onShow(): void;
}

/** Says how much is held back while nothing may move; a tap shows it. Lies over the page, so that it moves nothing either. */
export function ChangesPill({ changes, onShow }: ChangesPillProps): ReactNode {
  if (changes === 0) return null;
  return (
    <button type="button" className="button changes-pill num" onClick={onShow}>
      {changes === 1 ? "1 change" : `${changes} changes`}
    </button>
  );
}
