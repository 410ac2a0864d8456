import { type ReactNode, useMemo, useRef } from "react";
import { moveAmongRows, useKeys } from "./keyboard.ts";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "go to the filter"],
  ["j", "next row"],
  ["k", "row before"],
  ["Enter", "open the row"],
  ["a", "acknowledge the incident that the focus is on"],
  ["?", "this help"],
  ["Esc", "close, or leave the filter"],
];

/** The keys of every screen, and the page that names them. */
export function HelpDialog(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const handlers = useMemo(
    () => ({
      "?": () => dialog.current?.showModal(),
      "/": () => document.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
      j: () => moveAmongRows(1),
      k: () => moveAmongRows(-1),
    }),
    [],
  );
  useKeys(handlers);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl className="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="secondary">
        The filter takes words and terms: <code>payments team:lending state:late</code>
      </p>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
