import { type ReactNode, useState } from "react";

/** Copies the text where the browser allows it, and says so; else says what to do. */
export function CopyButton({ text }: { readonly text: string }): ReactNode {
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
    <button type="button" className="button" onClick={() => void copy()}>
      {word}
    </button>
  );
}
