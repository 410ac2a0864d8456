import type { RunRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { useNow } from "../live/tick-clock.ts";
import { evidenceSentence } from "./evidence-words.ts";

/** Sentences that count on are worked out again this often, ms. */
const STEP_MS = 10_000;

/** Why a run is shown as it is, in a line each; nothing where its facts alone say it. */
export function EvidenceLines({ row }: { readonly row: RunRow }): ReactNode {
  const now = useNow(STEP_MS);
  if (row.evidence.length === 0) return null;
  return (
    <span className="c-why num">
      {row.evidence.map((evidence) => (
        <span key={evidence.code} className={`why-line why-${evidence.code}`}>
          {evidenceSentence(evidence, row, now)}
        </span>
      ))}
    </span>
  );
}
