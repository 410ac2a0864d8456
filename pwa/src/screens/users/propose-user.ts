import type { AskedWith } from "../../components/use-asking.ts";
import { queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalsChanged } from "../../trust-queries.ts";

type UserChange = Parameters<typeof api.users.propose.mutate>[0]["change"];

/** Asks for it; resolves with the sign-in link of a new user where it was applied at once, else with null. */
export async function proposeUser(
  change: UserChange,
  { reason, breakGlass }: AskedWith,
): Promise<string | null> {
  const commandId = crypto.randomUUID();
  const { secret } = await api.users.propose.mutate({ commandId, change, reason, breakGlass });
  await Promise.all([queryClient.invalidateQueries({ queryKey: ["users"] }), approvalsChanged()]);
  return secret;
}
