import type { ReactNode } from "react";

export interface SaveButtonsProps {
  readonly isSaving: boolean;
  onCancel(): void;
}

export function SaveButtons({ isSaving, onCancel }: SaveButtonsProps): ReactNode {
  return (
    <div className="buttons">
      <button type="submit" className="button primary" disabled={isSaving}>
        {isSaving ? "Saving…" : "Save"}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
