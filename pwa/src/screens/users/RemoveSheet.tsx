import type { UserView } from "batchwatch/router";
import type { ReactNode } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { useChange } from "../more/use-change.ts";
import { proposeUser } from "./propose-user.ts";

interface RemoveSheetProps {
  readonly user: UserView;
  onClose(): void;
}

/** What removing somebody means, before it is asked for. */
export function RemoveSheet({ user, onClose }: RemoveSheetProps): ReactNode {
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    await proposeUser({ kind: "user-remove", payload: { userId: user.userId } }, asking);
  }, onClose);
  return (
    <Sheet title={`Remove ${user.name}?`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (asking.check()) change();
        }}
      >
        <p>
          They are signed out everywhere, are on no on-call list any more, and their devices wake
          nobody. What they did stays in the record.
        </p>
        <AskingFields asking={asking} />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isChanging}>
          {asking.verb === "Save" ? "Remove" : asking.verb}
        </button>
      </form>
    </Sheet>
  );
}
