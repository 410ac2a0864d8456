import { useInfiniteQuery } from "@tanstack/react-query";
import type { DeliveryState, DeliveryView } from "batchwatch/router";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { Glyph } from "../../components/Glyph.tsx";
import type { GlyphName } from "../../components/glyph-paths.ts";
import { mayRunSources, maySeeDeliveries, useMe } from "../../components/me.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { ErrorNotice, Loading, Notice } from "../../components/Notice.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { useNow } from "../../live/tick-clock.ts";
import { deliveriesQuery, queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { KIND_WORDS, receiverWords, times } from "../incident/delivery-words.ts";
import { useChange } from "./use-change.ts";

const VIEWS: readonly { readonly label: string; readonly states: DeliveryState[] }[] = [
  { label: "Dead", states: ["DEAD"] },
  { label: "Under way", states: ["PENDING"] },
  { label: "All", states: [] },
];

/** Messages to people and webhooks: what did not arrive comes first, and can be sent again. */
export function DeliveriesScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "Deliveries · Batchwatch";
  }, []);
  return (
    <div className="page more">
      <h1>Deliveries</h1>
      {maySeeDeliveries(me) ? (
        <Deliveries />
      ) : (
        <Notice>
          Operations managers, auditors and administrators see all messages. What was sent about an
          incident stands on its page.
        </Notice>
      )}
    </div>
  );
}

function Deliveries(): ReactNode {
  const [view, setView] = useState(0);
  const chosen = VIEWS[view]?.states ?? [];
  const query = useInfiniteQuery({ ...deliveriesQuery(chosen), refetchInterval: 10_000 });
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <fieldset className="views">
        <legend className="visually-hidden">Which messages</legend>
        {VIEWS.map(({ label }, at) => (
          <label key={label} className={at === view ? "view chosen" : "view"}>
            <input type="radio" name="view" checked={at === view} onChange={() => setView(at)} />
            {label}
          </label>
        ))}
      </fieldset>
      {query.isPending && query.fetchStatus !== "paused" && <Loading what="the messages" />}
      {query.isPending && query.fetchStatus === "paused" && (
        <ErrorNotice error={null} what="list" />
      )}
      {query.isError && (
        <ErrorNotice error={query.error} what="list" onRetry={() => void query.refetch()} />
      )}
      {items?.length === 0 && (
        <Notice>
          {chosen.includes("DEAD") ? "Every message has arrived or is on its way." : "No message."}
        </Notice>
      )}
      <ul className="deliveries">
        {items?.map((delivery) => (
          <li key={delivery.notificationId} className="panel">
            <Delivery delivery={delivery} />
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </>
  );
}

const MARKS: Readonly<Record<DeliveryState, readonly [GlyphName, string]>> = {
  PENDING: ["running", "UNDER WAY"],
  SENT: ["succeeded", "SENT"],
  DEAD: ["failed", "DEAD"],
  CANCELLED: ["stopped", "NOT NEEDED"],
};

function Delivery({ delivery }: { readonly delivery: DeliveryView }): ReactNode {
  const me = useMe();
  const now = useNow(10_000);
  const [glyph, word] = MARKS[delivery.state];
  const [line] = receiverWords([delivery], now);
  const { change, isChanging, problem } = useChange(async () => {
    const { notificationId } = delivery;
    await api.deliveries.replay.mutate({ commandId: crypto.randomUUID(), notificationId });
    await queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  });
  return (
    <>
      <p className="member-head">
        <span className={`mark s-${glyph}`}>
          <Glyph name={glyph} />
          {word}
        </span>
        <span className="secondary">
          <TimeAndAge at={delivery.createdAt} />
        </span>
      </p>
      <p className="words">
        {delivery.incidentId === null ? (
          delivery.title
        ) : (
          <Link href={`/incidents/${delivery.incidentId}`}>{delivery.title}</Link>
        )}
      </p>
      <p className="secondary num">
        {KIND_WORDS[delivery.kind]} to {delivery.receiver}, {line?.channel}: {line?.words}
        {delivery.state === "DEAD" && `, tried ${times(delivery.attempts)}`}
      </p>
      {delivery.lastError !== null && <p className="problem words">{delivery.lastError}</p>}
      {delivery.state === "DEAD" && mayRunSources(me) && (
        <div>
          <button type="button" className="button" disabled={isChanging} onClick={change}>
            Send again
          </button>
          <p className="problem" role="alert">
            {problem}
          </p>
        </div>
      )}
    </>
  );
}
