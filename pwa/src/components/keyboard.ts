import { useEffect } from "react";

/** Calls the handler of a key pressed outside fields, without modifiers. */
export function useKeys(handlers: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const handler = handlers[event.key];
      if (handler === undefined) return;
      event.preventDefault();
      handler(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [handlers]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}

/** Moves the focus among the rows of the screen: +1 to the next, -1 to the one before. */
export function moveAmongRows(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter(isShown);
  const at = rows.findIndex((row) => row === document.activeElement);
  const fallback = step === 1 ? 0 : rows.length - 1;
  const next = rows[at === -1 ? fallback : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function isShown(row: HTMLElement): boolean {
  return row.closest("[hidden]") === null;
}
