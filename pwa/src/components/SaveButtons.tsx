import type { ReactNode } from "react";

export interface SaveButtonsProps {
  readonly isSaving: boolean;
  /** What the button says. @default Save */
  readonly verb?: string;
  onCancel(): void;
}

export function SaveButtons({ isSaving, verb = "Save", onCancel }: SaveButtonsProps): ReactNode {
  return (
    <div className="buttons">
      <button type="submit" className="button primary" disabled={isSaving}>
        {isSaving ? "Saving…" : verb}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
