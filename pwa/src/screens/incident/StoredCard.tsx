import type { NotificationCard } from "batchwatch/router";
import type { ReactNode } from "react";
import { WebLink } from "../../components/WebLink.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import type { StoredIncident } from "../../offline/stored-incidents.ts";

/** What came with the page that woke somebody: enough to begin with, and its age. */
export function StoredCard({ stored }: { readonly stored: StoredIncident }): ReactNode {
  const { title, body, card, receivedAt } = stored;
  return (
    <section className="panel stored-card" aria-label="What is stored on this device">
      <h1>{title}</h1>
      <p>{body}</p>
      {card === null ? (
        <p>The message to this device carried no details; they come with a connection.</p>
      ) : (
        <CardDetails card={card} />
      )}
      <p className="secondary num">
        Stored on this device <TimeAndAge at={receivedAt} />. What happened since is not known here.
      </p>
    </section>
  );
}

function CardDetails({ card }: { readonly card: NotificationCard }): ReactNode {
  const { body, message, since, jobs, acknowledgedBy, nextAt, nextPerson } = card;
  return (
    <>
      {message !== null && !body.includes(message) && <p>{message}</p>}
      <p className="num">
        Since <TimeAndAge at={since} />
        {jobs > 1 && ` · ${jobs} jobs`}
      </p>
      <p>
        {acknowledgedBy === null ? "Nobody had it then." : `${acknowledgedBy} had it then.`}
        {nextAt !== null && nextPerson !== null && (
          <>
            {" "}
            Next: {nextPerson}, <TimeAndAge at={nextAt} />.
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
    </>
  );
}
