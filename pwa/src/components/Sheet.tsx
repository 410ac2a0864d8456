import { type ReactNode, useEffect, useId, useRef } from "react";

export interface SheetProps {
  readonly title: string;
  onClose(): void;
  readonly children: ReactNode;
}

/** A native dialog, open for as long as it is drawn. At the bottom of a phone, in the middle of a desktop. */
export function Sheet({ title, onClose, children }: SheetProps): ReactNode {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet bottom-sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
      <button type="button" className="button wide" onClick={onClose}>
        Cancel
      </button>
    </dialog>
  );
}
