import type { RunState } from "batchwatch/router";
import type { ReactNode } from "react";
import { Glyph } from "./Glyph.tsx";
import { STATE_WORDS } from "./words.ts";

/** Shape, word and colour of a state, on its tint. */
export function StateChip({ state }: { readonly state: RunState }): ReactNode {
  return (
    <span className={`chip s-${state}`}>
      <Glyph name={state} />
      {STATE_WORDS[state]}
    </span>
  );
}

/** The same without the tint, for dense rows. */
export function StateMark({ state }: { readonly state: RunState }): ReactNode {
  return (
    <span className={`mark s-${state}`}>
      <Glyph name={state} />
      <span className="mark-word">{STATE_WORDS[state]}</span>
    </span>
  );
}
