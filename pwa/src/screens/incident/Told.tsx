import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { UNTOLD_WORDS } from "../../components/incident-words.ts";
import { usePagedOnly } from "../../components/me.ts";
import { useNow } from "../../live/tick-clock.ts";
import { receiverWords } from "./delivery-words.ts";
import { WhyNotPaged } from "./WhyNotPaged.tsx";

const STEP_MS = 10_000;

/** Who was told, and whether it reached them; or why nobody was. */
export function Told({ incident }: { readonly incident: IncidentView }): ReactNode {
  const now = useNow(STEP_MS);
  const { deliveries, untold } = incident;
  const isPagedOnly = usePagedOnly();
  const receivers = receiverWords(deliveries, now);
  return (
    <section aria-labelledby="told-title">
      <h2 id="told-title" className="section-title">
        Who was told
      </h2>
      {receivers.length === 0 ? (
        <>
          <p className="empty">
            {untold === null
              ? "Nobody has been told yet."
              : `Nobody was told: ${UNTOLD_WORDS[untold]}.`}
          </p>
          {!isPagedOnly && <WhyNotPaged incidentId={incident.incidentId} />}
        </>
      ) : (
        <ul className="panel told">
          {receivers.map((one) => (
            <li key={one.key}>
              <p>
                <strong>{one.receiver}</strong> <span className="secondary">{one.channel}</span>
              </p>
              <p className="secondary num">{one.words}</p>
              {one.trouble !== null && <p className="problem">{one.trouble}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
