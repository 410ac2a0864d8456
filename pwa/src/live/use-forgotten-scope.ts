import { useEffect, useRef } from "react";
import { meQuery, queryClient } from "../queries.ts";

/** What was fetched under another role or team is shown no more, and fetched again where it is looked at. */
export function useForgottenScope(scope: string | null): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (before.current !== null && scope !== null && before.current !== scope) {
      const [me] = meQuery().queryKey;
      void queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== me });
    }
    before.current = scope;
  }, [scope]);
}
