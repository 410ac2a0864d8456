import type { ReactNode } from "react";

interface ViewChoiceProps {
  /** What is chosen among, for readers: `Which changes`. */
  readonly legend: string;
  readonly names: readonly string[];
  /** Index of the chosen one. */
  readonly chosen: number;
  onChoose(index: number): void;
}

/** One of a few views of a list, as radio buttons that look like tabs. */
export function ViewChoice({ legend, names, chosen, onChoose }: ViewChoiceProps): ReactNode {
  return (
    <fieldset className="views">
      <legend className="visually-hidden">{legend}</legend>
      {names.map((name, at) => (
        <label key={name} className={at === chosen ? "view chosen" : "view"}>
          <input type="radio" name={legend} checked={at === chosen} onChange={() => onChoose(at)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
