import type { JobChangeView } from "batchwatch/router";
import type { ReactNode } from "react";
import { plainName } from "../../components/format.ts";
import { TimeAndAge } from "../../components/times.tsx";
import { CLOCKS } from "./clock-words.ts";

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
              {change.before ?? "not set"} → {change.after ?? "not set"}
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
