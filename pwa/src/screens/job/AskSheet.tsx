import type { ReactNode } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { type AskedWith, useAsking } from "../../components/use-asking.ts";
import { otherProblem, type SaveResult } from "./save-result.ts";
import { useSave } from "./use-save.ts";

interface AskSheetProps {
  readonly title: string;
  /** What the button says where one person decides. */
  readonly verb: string;
  /** False for what cannot be taken back: it always waits for a second person. */
  readonly mayBreakGlass: boolean;
  /** Fields that show their own problem. */
  readonly fields: readonly string[];
  /** Checks what needs no server; null: it may be asked for. */
  check?(): SaveResult;
  ask(asked: AskedWith): Promise<SaveResult>;
  onClose(): void;
  /** What it means, and its fields. @param problem what was wrong with the last try */
  children(problem: SaveResult): ReactNode;
}

/** One change with its consequence, asked for with a reason. */
export function AskSheet(props: AskSheetProps): ReactNode {
  const { title, verb, fields, check, ask, onClose, children } = props;
  const asking = useAsking();
  const { problem, isSaving, save, refuse } = useSave(onClose);
  const shown = props.mayBreakGlass ? asking : { ...asking, mayBreakGlass: false };
  const submit = (): void => {
    const wrong = check?.() ?? null;
    if (wrong !== null) refuse(wrong);
    else if (asking.check()) save(() => ask(asking));
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children(problem)}
        <AskingFields asking={shown} />
        <p className="problem" role="alert">
          {otherProblem(problem, fields)}
        </p>
        <button type="submit" className="button primary wide" disabled={isSaving}>
          {asking.verb === "Save" ? verb : asking.verb}
        </button>
      </form>
    </Sheet>
  );
}
