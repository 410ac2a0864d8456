import { type ReactNode, useId } from "react";

export interface FactsProps {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly empty: string;
}
export type Fact = readonly [name: string, value: string];

/** Names and values, one a line, under a title. */
export function Facts({ title, facts, empty }: FactsProps): ReactNode {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {title}
      </h2>
      {facts.length === 0 ? <p className="empty">{empty}</p> : <FactList facts={facts} />}
    </section>
  );
}

export function FactList({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="panel facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
