import type { JobChangeView } from "batchwatch/router";
import type { ReactNode } from "react";
import { plainName } from "../../components/format.ts";
import { TimeAndAge } from "../../components/times.tsx";
import { CLOCKS } from "./clock-words.ts";
import { durationText } from "./duration-text.ts";

const FIELD_WORDS: ReadonlyMap<string, string> = new Map(
  CLOCKS.map(({ name, title }) => [`clocks.${name}`, title.toLowerCase()]),
);

/** Who changed what on this job, newest first. */
export function JobChanges({ changes }: { readonly changes: readonly JobChangeView[] }): ReactNode {
  if (changes.length === 0) return null;
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title" className="section-title">
        Changes <span className="num">{changes.length}</span>
      </h2>
      <ul className="panel changes">
        {changes.map((change) => (
          <li key={`${change.at} ${change.field}`}>
            <p>
              {FIELD_WORDS.get(change.field) ?? plainName(change.field)}:{" "}
              {valueWords(change.field, change.before)} → {valueWords(change.field, change.after)}
            </p>
            <p className="secondary">
              <TimeAndAge at={change.at} /> by {change.by}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Clocks are recorded in milliseconds, everything else as people read it. */
function valueWords(field: string, value: string | null): string {
  if (value === null) return "not set";
  return FIELD_WORDS.has(field) && /^\d+$/.test(value) ? durationText(Number(value)) : value;
}
