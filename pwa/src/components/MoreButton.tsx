import type { ReactNode } from "react";

export interface MoreButtonProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): unknown;
  };
}

/** Asks for the next page of a list; absent at its end. */
export function MoreButton({ query }: MoreButtonProps): ReactNode {
  if (!query.hasNextPage) return null;
  return (
    <button
      type="button"
      className="button wide"
      disabled={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {query.isFetchingNextPage ? "Loading…" : "More"}
    </button>
  );
}
