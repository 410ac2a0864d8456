import type { ChangeRequestView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { AskingFields, REASON_LENGTH } from "../../components/AskingFields.tsx";
import { FormField } from "../../components/FormField.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalQuery, approvalsChanged } from "../../trust-queries.ts";
import { useChange } from "../more/use-change.ts";
import { Collect } from "./Collect.tsx";

type SheetName = "approve" | "reject" | "withdraw" | "revert";

interface DecideProps {
  readonly request: ChangeRequestView;
}

/** What the reader may say to it; or why they may not. */
export function Decide({ request }: DecideProps): ReactNode {
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const { may, whyNot } = request;
  const close = (): void => setSheet(null);
  return (
    <section className="decide" aria-label="What can be done">
      {whyNot !== null && <p className="note note-nothing">{whyNot}</p>}
      {may.collect && <Collect request={request} />}
      <div className="buttons">
        {may.approve && (
          <button type="button" className="button primary" onClick={() => setSheet("approve")}>
            Approve…
          </button>
        )}
        {may.reject && (
          <button type="button" className="button" onClick={() => setSheet("reject")}>
            Reject…
          </button>
        )}
        {may.withdraw && (
          <button type="button" className="button" onClick={() => setSheet("withdraw")}>
            Withdraw…
          </button>
        )}
        {may.revert && (
          <button type="button" className="button" onClick={() => setSheet("revert")}>
            Take it back…
          </button>
        )}
      </div>
      {sheet === "approve" && <ApproveSheet request={request} onClose={close} />}
      {sheet === "reject" && <RejectSheet request={request} onClose={close} />}
      {sheet === "withdraw" && <WithdrawSheet request={request} onClose={close} />}
      {sheet === "revert" && <RevertSheet request={request} onClose={close} />}
    </section>
  );
}

interface DecisionProps extends DecideProps {
  onClose(): void;
}

/** What the server says it has become is what is shown. */
async function show(decided: ChangeRequestView): Promise<void> {
  queryClient.setQueryData(approvalQuery(decided.requestId).queryKey, decided);
  await approvalsChanged();
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => CHANGED.has(queryKey[0]) });
}
/** First parts of the keys of what a change may have changed. */
const CHANGED: ReadonlySet<unknown> = new Set([
  "job",
  "sources",
  "users",
  "retention",
  "calendars",
]);

/** What was read is what is approved: the hash of what was on the screen goes along. */
function ApproveSheet({ request, onClose }: DecisionProps): ReactNode {
  const [note, setNote] = useState("");
  // The request as it was when the sheet was opened, not as it is when the button is pressed.
  const [{ requestId, hash }] = useState(request);
  const { change, isChanging, problem } = useChange(async () => {
    const commandId = crypto.randomUUID();
    await show(
      await api.approvals.approve.mutate({ commandId, requestId, hash, note: note.trim() || null }),
    );
  }, onClose);
  return (
    <Sheet title="Approve this change?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          change();
        }}
      >
        <p>
          It is applied at once, exactly as it stands here, and recorded as {request.requestedBy}’s
          and yours.
        </p>
        <FormField label="Note" hint="May stay empty." problem={null}>
          {(control) => (
            <textarea
              {...control}
              rows={2}
              maxLength={REASON_LENGTH}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </FormField>
        <p className="secondary num">Content {hash.slice(0, 12)}</p>
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isChanging}>
          Approve
        </button>
      </form>
    </Sheet>
  );
}

function RejectSheet({ request, onClose }: DecisionProps): ReactNode {
  const { requestId } = request;
  const [note, setNote] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const { change, isChanging, problem } = useChange(async () => {
    const commandId = crypto.randomUUID();
    await show(await api.approvals.reject.mutate({ commandId, requestId, note: note.trim() }));
  }, onClose);
  return (
    <Sheet title="Reject this change?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setEmpty(note.trim() === "");
          if (note.trim() !== "") change();
        }}
      >
        <FormField
          label="Why not"
          hint={`${request.requestedBy} reads it.`}
          problem={isEmpty ? "Say why in a few words." : null}
        >
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={REASON_LENGTH}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </FormField>
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isChanging}>
          Reject
        </button>
      </form>
    </Sheet>
  );
}

function WithdrawSheet({ request, onClose }: DecisionProps): ReactNode {
  const { requestId } = request;
  const { change, isChanging, problem } = useChange(async () => {
    await show(await api.approvals.withdraw.mutate({ commandId: crypto.randomUUID(), requestId }));
  }, onClose);
  return (
    <Sheet title="Withdraw your request?" onClose={onClose}>
      <p>Nothing is changed. It can be asked for again.</p>
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="button" className="button primary wide" disabled={isChanging} onClick={change}>
        Withdraw
      </button>
    </Sheet>
  );
}

/** Taking back is a change like any other: it needs a second person, too. */
function RevertSheet({ request, onClose }: DecisionProps): ReactNode {
  const [, navigate] = useLocation();
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const { reason, breakGlass } = asking;
    const { request: asked } = await api.approvals.revert.mutate({
      commandId: crypto.randomUUID(),
      requestId: request.requestId,
      reason,
      breakGlass,
    });
    await show(asked);
    navigate(`/more/approvals/${asked.requestId}`);
  }, onClose);
  return (
    <Sheet title="Take this change back?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (asking.check()) change();
        }}
      >
        <p>What stood before stands again.</p>
        <AskingFields asking={asking} />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isChanging}>
          {asking.verb === "Save" ? "Take it back" : asking.verb}
        </button>
      </form>
    </Sheet>
  );
}
