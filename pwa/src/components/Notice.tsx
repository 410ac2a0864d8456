import { onlineManager } from "@tanstack/react-query";
import { type ReactNode, useSyncExternalStore } from "react";
import { errorCode } from "../trpc.ts";
import { errorSentence } from "./words.ts";

/** A sentence in the place of what cannot be shown. */
export function Notice({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="notice">{children}</div>;
}

export interface ErrorNoticeProps {
  readonly error: unknown;
  /** What was asked for, in a word: `run`, `job`, `board`. */
  readonly what: string;
  readonly onRetry?: () => void;
}

export function ErrorNotice({ error, what, onRetry }: ErrorNoticeProps): ReactNode {
  const code = errorCode(error);
  const isFinal = code === "FORBIDDEN" || code === "NOT_FOUND" || code === "BAD_REQUEST";
  return (
    <div className="notice" role="alert">
      <p>{errorSentence(code, what)}</p>
      {onRetry !== undefined && !isFinal && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What is on its way; without a connection, what comes when it returns. */
export function Loading({ what }: { readonly what: string }): ReactNode {
  const isOnline = useSyncExternalStore(onOnlineChange, () => onlineManager.isOnline());
  if (isOnline) return <p className="notice quiet">Loading {what}…</p>;
  return (
    <p className="notice" role="status">
      No connection, and {what} is not kept on this device. It is loaded when the connection
      returns.
    </p>
  );
}

function onOnlineChange(listener: () => void): () => void {
  return onlineManager.subscribe(listener);
}
