import type { ChangeRequestView } from "batchwatch/router";
import type { ReactNode } from "react";
import { fieldWords, valueWords } from "../../components/change-words.ts";

/** Only the fields that differ: what stands now, and what would stand. Everything in them came from outside: plain text. */
export function Differences({ request }: { readonly request: ChangeRequestView }): ReactNode {
  const { differences } = request;
  return (
    <section aria-labelledby="differences-title">
      <h2 id="differences-title" className="section-title">
        What differs <span className="num">{differences.length}</span>
      </h2>
      {differences.length === 0 ? (
        <p className="empty">No field differs: it is about the whole of it.</p>
      ) : (
        <dl className="panel before-after">
          {differences.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{fieldWords(field)}</dt>
              <dd className="before">
                <span className="secondary">Before</span>
                <span className="words num">
                  {before === null ? "nothing" : <s>{valueWords(field, before)}</s>}
                </span>
              </dd>
              <dd className="after">
                <span className="secondary">After</span>
                <strong className="words num">{valueWords(field, after)}</strong>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
