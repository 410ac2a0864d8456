import type { HealthComponent, SystemHealth } from "batchwatch/router";
import type { ReactNode } from "react";
import { Glyph } from "./Glyph.tsx";
import type { GlyphName } from "./glyph-paths.ts";

const STATUS_GLYPHS: Readonly<Record<SystemHealth["status"], GlyphName>> = {
  UP: "succeeded",
  DEGRADED: "atrisk",
  DOWN: "failed",
};

/** A component's status as shape, word and colour. */
export function HealthMark({ status }: { readonly status: HealthComponent["status"] }): ReactNode {
  return (
    <span className={`mark s-${STATUS_GLYPHS[status]}`}>
      <Glyph name={STATUS_GLYPHS[status]} />
      {status}
    </span>
  );
}
