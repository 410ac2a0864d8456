import type { ProposedView } from "batchwatch/router";
import type { AskedWith } from "../../components/use-asking.ts";
import { queryClient, sourcesQuery } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalsChanged } from "../../trust-queries.ts";

/** A new source, as it is asked for. */
export interface SourceAdd {
  readonly name: string;
  readonly contract: "native" | "openlineage";
  readonly environment: "PROD" | "UAT" | "TEST";
  /** IANA zone. */
  readonly zone: string;
  readonly teamName: string | null;
}

interface SourceChange {
  readonly kind: "source-add";
  readonly payload: SourceAdd;
}

interface Propose {
  mutate(input: AskedWith & { commandId: string; change: SourceChange }): Promise<ProposedView>;
}

/** Asks for it; resolves with the new source's key where it was applied at once, else with null. */
export async function proposeSource(
  change: SourceChange,
  { reason, breakGlass }: AskedWith,
): Promise<string | null> {
  const { propose } = api.sources as unknown as { readonly propose: Propose };
  const commandId = crypto.randomUUID();
  const { secret } = await propose.mutate({ commandId, change, reason, breakGlass });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: sourcesQuery().queryKey }),
    approvalsChanged(),
  ]);
  return secret;
}
