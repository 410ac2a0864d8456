import { type ReactNode, useState } from "react";

/** Lines for a terminal, with a button that copies them where the browser allows it. */
export function CopyLines({ text }: { readonly text: string }): ReactNode {
  const [word, setWord] = useState("Copy");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setWord("Copied");
    } catch {
      setWord("Select the text to copy it");
    }
  };
  return (
    <div className="copy-lines">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <button type="button" className="button" onClick={() => void copy()}>
        {word}
      </button>
    </div>
  );
}
