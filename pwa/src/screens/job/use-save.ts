import { useState } from "react";
import { errorSentence } from "../../components/words.ts";
import { errorCode } from "../../trpc.ts";
import type { SaveResult } from "./save-result.ts";

export interface Saving {
  readonly problem: SaveResult;
  readonly isSaving: boolean;
  save(work: () => Promise<SaveResult>): void;
  /** Shows a problem that needs no server to be seen. */
  refuse(problem: SaveResult): void;
}

/** One save at a time, and what came of the last. @param onSaved called once it is stored */
export function useSave(onSaved: () => void): Saving {
  const [problem, setProblem] = useState<SaveResult>(null);
  const [isSaving, setSaving] = useState(false);
  const save = (work: () => Promise<SaveResult>): void => {
    if (isSaving) return;
    setSaving(true);
    void work()
      .then((result) => {
        setProblem(result);
        if (result === null) onSaved();
      })
      .catch((error: unknown) => {
        const message = errorSentence(errorCode(error), "job");
        setProblem({ code: errorCode(error), field: "", message });
      })
      .finally(() => setSaving(false));
  };
  return { problem, isSaving, save, refuse: setProblem };
}
