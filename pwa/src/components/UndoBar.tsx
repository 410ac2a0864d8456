import { type ReactNode, useEffect } from "react";
import { clock, useNow } from "../live/tick-clock.ts";
import { useAllCommands } from "../offline/commands.ts";
import { standingOf } from "./claim.ts";
import { SENDING_MS } from "./outcome-words.ts";
import {
  type AckTarget,
  again,
  forget,
  type RecentAck,
  undo,
  UNDO_MS,
  useRecentAck,
} from "./recent-acks.ts";

/** Takes an acknowledgement back for ten seconds, or says that it was not even kept here. */
export function UndoBar(): ReactNode {
  const ack = useRecentAck();
  const commands = useAllCommands();
  const standing = ack === null ? null : standingOf(ack.incidents, commands, ack.at);
  const targets = standing === null ? [] : [...standing.done, ...standing.unsent];
  useEffect(() => {
    if (ack === null || ack.lost !== null) return;
    const timer = setTimeout(() => forget(ack), UNDO_MS);
    return () => clearTimeout(timer);
  }, [ack]);
  const isShown = ack !== null && (ack.lost !== null || targets.length > 0);
  return (
    <div role="status" className={isShown ? "undo-bar" : "undo-bar gone"}>
      {isShown && ack.lost !== null && <Lost ack={ack} />}
      {isShown && ack.lost === null && standing !== null && (
        <>
          <Words ack={ack} {...standing} />
          <button type="button" className="button" onClick={() => void undo(ack, targets)}>
            Undo
          </button>
        </>
      )}
    </div>
  );
}

interface WordsProps {
  readonly ack: RecentAck;
  readonly done: readonly AckTarget[];
  readonly unsent: readonly AckTarget[];
}

/** Never called done before the server has said so. */
function Words({ ack, done, unsent }: WordsProps): ReactNode {
  const isYoung = useNow() - clock.skewMs() - ack.at < SENDING_MS;
  if (unsent.length > 0 && isYoung) return <span>Acknowledging: {namesOf(ack.incidents)}</span>;
  return (
    <span>
      {unsent.length > 0 && `Not sent yet: ${namesOf(unsent)}`}
      {unsent.length > 0 && done.length > 0 && ". "}
      {done.length > 0 && `Acknowledged: ${namesOf(done)}`}
    </span>
  );
}

function Lost({ ack }: { readonly ack: RecentAck }): ReactNode {
  return (
    <>
      <span>Not saved on this device, and not sent: {namesOf(ack.incidents)}</span>
      <button type="button" className="button" onClick={() => void again(ack)}>
        Try again
      </button>
    </>
  );
}

function namesOf(incidents: readonly AckTarget[]): string {
  const [first] = incidents;
  return incidents.length === 1 && first !== undefined
    ? first.name
    : `${incidents.length} incidents`;
}
