import type { ReactNode } from "react";

export interface FilterFieldProps {
  readonly value: string;
  readonly label: string;
  onChange(text: string): void;
}

/** The text filter that `/` goes to. Escape empties it, then leaves it. */
export function FilterField({ value, label, onChange }: FilterFieldProps): ReactNode {
  return (
    <input
      data-filter
      className="filter"
      type="search"
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      placeholder={label}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        if (value === "") event.currentTarget.blur();
        else onChange("");
      }}
    />
  );
}
