import type { ReactNode } from "react";
import { Notice } from "../../components/Notice.tsx";

/** The filter leaves nothing. */
export function NoMatch({ text, onClear }: { readonly text: string; onClear(): void }): ReactNode {
  return (
    <Notice>
      <p>No incident matches {text.trim()}.</p>
      <button type="button" className="button" onClick={onClear}>
        Clear
      </button>
    </Notice>
  );
}
