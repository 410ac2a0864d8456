import { type ReactNode, useId } from "react";

export interface FactsProps {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly empty: string;
}

/** Names and values, one a line. */
export function Facts({ title, facts, empty }: FactsProps): ReactNode {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {title}
      </h2>
      {facts.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <dl className="panel facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
