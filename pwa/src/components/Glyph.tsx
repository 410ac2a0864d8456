import type { ReactNode } from "react";
import { GLYPH_PATHS, type GlyphName } from "./glyph-paths.ts";

/** A state's shape. Decoration only: the word always stands beside it. */
export function Glyph({ name }: { readonly name: GlyphName }): ReactNode {
  return (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <Shape name={name} />
    </svg>
  );
}

function Shape({ name }: { readonly name: GlyphName }): ReactNode {
  const path = GLYPH_PATHS[name];
  const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 1.6 };
  if (path !== undefined) {
    return (
      <>
        <path fill="currentColor" fillRule="evenodd" d={path} />
        {name === "running" && <circle fill="currentColor" cx="8" cy="8" r="2.2" />}
      </>
    );
  }
  if (name === "scheduled") return <circle {...stroke} cx="8" cy="8" r="5.6" />;
  if (name === "stopped") return <path {...stroke} d="M2.8 2.8h10.4v10.4H2.8z" />;
  if (name === "recovering") {
    return (
      <>
        <path {...stroke} d="M13.4 8a5.4 5.4 0 1 1-1.6-3.8" />
        <path fill="currentColor" d="M14.2 1.2v5h-5z" />
      </>
    );
  }
  return (
    <>
      <circle {...stroke} cx="8" cy="8" r="6.4" strokeDasharray="2.5 2.53" />
      <path {...stroke} d="M6.1 6.5a1.9 1.9 0 1 1 2.8 1.7c-.6.3-.9.6-.9 1.3" />
      <circle fill="currentColor" cx="8" cy="11.4" r="1" />
    </>
  );
}
