import { useState } from "react";
import { changeProblemWords } from "../../components/change-words.ts";
import { errorSentence } from "../../components/words.ts";
import { errorCode, refusalOf } from "../../trpc.ts";

export interface Change {
  readonly isChanging: boolean;
  /** Why it was not changed, in words; null when it was, or nothing was tried. */
  readonly problem: string | null;
  change(): void;
}

/** One change at a time; what is refused is said. */
export function useChange(work: () => Promise<void>, onDone: () => void = () => {}): Change {
  const [isChanging, setChanging] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (): void => {
    if (isChanging) return;
    setChanging(true);
    work()
      .then(
        () => {
          setProblem(null);
          onDone();
        },
        (error: unknown) => setProblem(problemWords(error)),
      )
      .finally(() => setChanging(false));
  };
  return { isChanging, problem, change };
}

/** Why nothing was changed. */
function problemWords(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== null) {
    return changeProblemWords(refusal.reason) ?? `${refusal.message} Nothing was changed.`;
  }
  const code = errorCode(error);
  if (code === "NETWORK") return "No connection. Nothing was changed: try again.";
  if (code === "FORBIDDEN") return "Your role or team does not allow this. Nothing was changed.";
  return errorSentence(code, "entry");
}
