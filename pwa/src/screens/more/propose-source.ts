import type { AskedWith } from "../../components/use-asking.ts";
import { queryClient, sourcesQuery } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalsChanged } from "../../trust-queries.ts";

type SourceChange = Parameters<typeof api.sources.propose.mutate>[0]["change"];

/** A new source, as it is asked for. */
export type SourceAdd = Extract<SourceChange, { kind: "source-add" }>["payload"];

/** Asks for it; resolves with the new source's key where it was applied at once, else with null. */
export async function proposeSource(
  change: SourceChange,
  { reason, breakGlass }: AskedWith,
): Promise<string | null> {
  const commandId = crypto.randomUUID();
  const { secret } = await api.sources.propose.mutate({ commandId, change, reason, breakGlass });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: sourcesQuery().queryKey }),
    queryClient.invalidateQueries({ queryKey: ["source"] }),
    approvalsChanged(),
  ]);
  return secret;
}
