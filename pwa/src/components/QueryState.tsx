import type { ReactNode } from "react";
import { ErrorNotice, Loading } from "./Notice.tsx";

export interface QueryStateProps {
  readonly query: {
    readonly isPending: boolean;
    readonly isError: boolean;
    readonly error: unknown;
    readonly fetchStatus: "fetching" | "paused" | "idle";
    readonly data: unknown;
    refetch(): unknown;
  };
  /** What is on its way, in words: `the changes`. */
  readonly loading: string;
  /** The same in one word: `list`. */
  readonly what: string;
}

/** What stands in the place of an answer: on its way, no connection, refused, failed. Nothing once there is one. */
export function QueryState({ query, loading, what }: QueryStateProps): ReactNode {
  if (query.isPending) {
    return query.fetchStatus === "paused" ? (
      <ErrorNotice error={null} what={what} />
    ) : (
      <Loading what={loading} />
    );
  }
  if (!query.isError) return null;
  return <ErrorNotice error={query.error} what={what} onRetry={() => void query.refetch()} />;
}
