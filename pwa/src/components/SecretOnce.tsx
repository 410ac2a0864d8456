import type { ReactNode } from "react";
import { CopyLines } from "./CopyLines.tsx";

interface SecretOnceProps {
  readonly title: string;
  /** What it is for, and that it is shown once. */
  readonly words: string;
  readonly secret: string;
  /** Lines to paste, with the secret in them. */
  readonly lines?: readonly { readonly title: string; readonly text: string }[];
  onClose(): void;
}

/** A key or a link that nobody can show a second time. It is in this page's memory only. */
export function SecretOnce({
  title,
  words,
  secret,
  lines = [],
  onClose,
}: SecretOnceProps): ReactNode {
  return (
    <section className="card s-atrisk secret" aria-label={title} role="status">
      <h2>{title}</h2>
      <p>{words}</p>
      <CopyLines text={secret} />
      {lines.map(({ title: name, text }) => (
        <div key={name} className="secret">
          <p className="secondary">{name}</p>
          <CopyLines text={text} />
        </div>
      ))}
      <button type="button" className="button" onClick={onClose}>
        I have kept it
      </button>
    </section>
  );
}
