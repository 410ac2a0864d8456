import type { ReactNode } from "react";
import { CopyButton } from "./CopyButton.tsx";

/** Lines for a terminal, with a button that copies them. */
export function CopyLines({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="copy-lines">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
