import type { RunState } from "batchwatch/router";

/** Shapes on a 16×16 field, evenodd, drawn in the ink of their state. */
export type GlyphName = RunState | "atrisk";

/** Filled outlines; the names that are missing are drawn with strokes. */
export const GLYPH_PATHS: Readonly<Partial<Record<GlyphName, string>>> = {
  running: "M8 1a7 7 0 1 0 7 7h-2.1A4.9 4.9 0 1 1 8 3.1z",
  succeeded: "M1.8 8.6 3.4 7 6.4 10l6.2-6.2 1.6 1.6L6.4 13.2z",
  failed:
    "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zM5 6.2 6.2 5 8 6.8 9.8 5 11 6.2 9.2 8 11 9.8 9.8 11 8 9.2 6.2 11 5 9.8 6.8 8z",
  late: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8zM7.1 4.4h1.8v3.1l2.2 1.3-.9 1.5-3.1-1.8z",
  stalled: "M2 2h12v12H2zM4.9 5v6h2.2V5zM8.9 5v6h2.2V5z",
  atrisk: "M8 1l7.4 13.4H.6zM7.1 5.6v4.4h1.8V5.6zM7.1 11.2V13h1.8v-1.8z",
};
