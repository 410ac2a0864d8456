import type { ReactNode } from "react";
import { WebLink } from "../../components/WebLink.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import type { StoredIncident } from "../../offline/stored-incidents.ts";

/** The card that came with the page that woke somebody: enough to begin with, and its age. */
export function StoredCard({ stored }: { readonly stored: StoredIncident }): ReactNode {
  const { card, receivedAt } = stored;
  return (
    <section className="panel stored-card" aria-label="What is stored on this device">
      <h1>{card.title}</h1>
      <p>{card.body}</p>
      {card.message !== null && !card.body.includes(card.message) && <p>{card.message}</p>}
      <p className="num">
        Since <TimeAndAge at={card.since} />
        {card.jobs > 1 && ` · ${card.jobs} jobs`}
      </p>
      <p>
        {card.acknowledgedBy === null
          ? "Nobody had it then."
          : `${card.acknowledgedBy} had it then.`}
        {card.nextAt !== null && card.nextPerson !== null && (
          <>
            {" "}
            Next: {card.nextPerson}, <TimeAndAge at={card.nextAt} />.
          </>
        )}
      </p>
      {card.firstStep !== null && (
        <p>
          <strong>First step:</strong> {card.firstStep}
        </p>
      )}
      {card.runbookUrl !== null && (
        <p>
          <WebLink address={card.runbookUrl}>Runbook</WebLink>
        </p>
      )}
      <p className="secondary num">
        Stored on this device <TimeAndAge at={receivedAt} />. What happened since is not known here.
      </p>
    </section>
  );
}
