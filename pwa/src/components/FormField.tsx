import { type ReactNode, useId } from "react";

/** What the control needs so that its label, hint and problem are read with it. */
export interface ControlProps {
  readonly id: string;
  readonly className: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

export interface FormFieldProps {
  readonly label: string;
  /** What it means, or what may be typed. */
  readonly hint: string;
  /** What is wrong and what would be right; null when nothing is. */
  readonly problem: string | null;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and its problem. */
export function FormField({ label, hint, problem, children }: FormFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        className: "field",
        "aria-describedby": `${id}-hint ${id}-problem`,
        "aria-invalid": problem !== null,
      })}
      <p id={`${id}-hint`} className="secondary">
        {hint}
      </p>
      <p id={`${id}-problem`} className="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
