import { type ReactNode, useEffect } from "react";
import { acknowledge, forget, type RecentAck, undo, UNDO_MS, useRecentAck } from "./recent-acks.ts";

/** Takes an acknowledgement back for ten seconds, or says that it was not even kept here. */
export function UndoBar(): ReactNode {
  const ack = useRecentAck();
  useEffect(() => {
    if (ack === null || ack.failed) return;
    const timer = setTimeout(() => forget(ack), UNDO_MS);
    return () => clearTimeout(timer);
  }, [ack]);
  return (
    <div role="status" className={ack === null ? "undo-bar gone" : "undo-bar"}>
      {ack !== null && (ack.failed ? <Lost ack={ack} /> : <Offer ack={ack} />)}
    </div>
  );
}

function Offer({ ack }: { readonly ack: RecentAck }): ReactNode {
  return (
    <>
      <span>Acknowledged: {namesOf(ack)}</span>
      <button type="button" className="button" onClick={() => void undo(ack)}>
        Undo
      </button>
    </>
  );
}

function Lost({ ack }: { readonly ack: RecentAck }): ReactNode {
  return (
    <>
      <span>Not saved on this device, and not sent: {namesOf(ack)}</span>
      <button type="button" className="button" onClick={() => void acknowledge(ack.incidents)}>
        Try again
      </button>
    </>
  );
}

function namesOf({ incidents }: RecentAck): string {
  const [first] = incidents;
  return incidents.length === 1 && first !== undefined
    ? first.name
    : `${incidents.length} incidents`;
}
