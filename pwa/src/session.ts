import { tell } from "./offline/channel.ts";
import { deviceStore } from "./offline/device-store.ts";
import { commandsChanged, flush } from "./offline/outgoing.ts";
import { hold } from "./offline/owner.ts";
import { endSubscription, tellServerToForget } from "./push/end-subscription.ts";
import { queryClient } from "./queries.ts";
import { signIn, type SignInResult, signOut } from "./trpc.ts";

/** Signs in with a code. Until the server has said who that is, nothing kept on this device is sent. */
export async function enter(code: string): Promise<SignInResult> {
  const release = await hold(deviceStore);
  const result = await signIn(code);
  if (result === "ok") tell({ type: "owner" });
  else await release();
  return result;
}

/** Signs out: this device is woken no more, and keeps nothing. False when the server could not be told. */
export async function leave(): Promise<boolean> {
  await flush(true);
  if (!(await tellServerToForget())) return false;
  if (!(await signOut())) return false;
  await endSubscription();
  await deviceStore.clear();
  commandsChanged();
  tell({ type: "owner" });
  await queryClient.resetQueries();
  return true;
}
