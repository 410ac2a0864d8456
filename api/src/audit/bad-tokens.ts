import type { Refusal } from "./refusals.ts";

export interface BadTokenParts {
  /** One of ours that lets nobody in only because its time is over. */
  readonly isLapsed: (token: string) => Promise<boolean>;
  readonly refused: (refusal: Refusal) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Records that a call came with a token that lets nobody in: made up, revoked, or of a session that has ended. A page that was asleep comes with
 * one whose time is over, asks for the next, and is nobody to be written down.
 */
export function badTokens(parts: BadTokenParts): (token: string, what: string) => void {
  const { isLapsed, refused, onError } = parts;
  return (token, what) => {
    isLapsed(token).then((lapsed) => {
      if (!lapsed) refused({ userId: null, what, status: 401 });
    }, onError);
  };
}
