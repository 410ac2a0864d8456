import { type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface EditableSectionProps {
  readonly title: string;
  /** Words of the button that opens the form; null for a reader who may not change anything. */
  readonly change: string | null;
  /** Drawn instead of the children while it is being changed; `done` closes it. */
  readonly renderForm: (done: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Something to read that turns into a form and back; the focus goes along. */
export function EditableSection({
  title,
  change,
  renderForm,
  children,
}: EditableSectionProps): ReactNode {
  const titleId = useId();
  const [isEditing, setEditing] = useState(false);
  const section = useRef<HTMLElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current === isEditing) return;
    wasEditing.current = isEditing;
    const next = isEditing ? "input, select" : "button[data-change]";
    section.current?.querySelector<HTMLElement>(next)?.focus();
  }, [isEditing]);
  return (
    <section ref={section} aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {title}
      </h2>
      {isEditing ? (
        <div className="panel">{renderForm(() => setEditing(false))}</div>
      ) : (
        <>
          {children}
          {change !== null && (
            <button
              type="button"
              data-change
              className="button after-panel"
              onClick={() => setEditing(true)}
            >
              {change}
            </button>
          )}
        </>
      )}
    </section>
  );
}
