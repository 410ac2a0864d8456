import { type Credentials, OIDC_START, signIn, type SignInResult, signOut } from "./auth.ts";
import { forgetAccess } from "./offline/access.ts";
import { tell } from "./offline/channel.ts";
import { deviceStore } from "./offline/device-store.ts";
import { commandsChanged, flush } from "./offline/outgoing.ts";
import { hold } from "./offline/owner.ts";
import { currentSubscription } from "./push/current-subscription.ts";
import { endSubscription } from "./push/end-subscription.ts";
import { queryClient } from "./queries.ts";
import { api } from "./trpc.ts";

/** Signs in. Until the server has said who that is, nothing kept on this device is sent. */
export async function enter(credentials: Credentials): Promise<SignInResult> {
  const release = await hold(deviceStore);
  const result = await signIn(credentials);
  if (result.kind === "ok") {
    noteSignIn();
    tell({ type: "owner" });
  } else await release();
  return result;
}

/** Goes to the organisation's own sign-in page; until it is known who comes back, nothing kept here is sent. */
export async function enterElsewhere(): Promise<void> {
  noteSignIn();
  await hold(deviceStore).catch(() => {});
  location.assign(OIDC_START);
}

/**
 * Signs out: this device is woken no more, answers nothing, and keeps nothing. False when the server could not be told: all is as it was.
 * It is told in one call, as with the session go the subscription, whichever session it began in, and the device's key; half of it would
 * leave a phone that wakes nobody.
 */
export async function leave(): Promise<boolean> {
  await flush(true);
  if (!(await signOut(await endpointHere()))) return false;
  await forgetHere();
  return true;
}

/** Ends every session of this person, this one included. False when the server could not be told. */
export async function leaveEverywhere(): Promise<boolean> {
  await flush(true);
  try {
    await api.me.signOutEverywhere.mutate();
  } catch {
    return false;
  }
  await signOut(await endpointHere());
  await forgetHere();
  return true;
}

/** Null where there is none, or the browser does not say. */
async function endpointHere(): Promise<string | null> {
  const subscription = await currentSubscription().catch(() => null);
  return subscription?.endpoint ?? null;
}

/** Whoever it was has left, or is nobody any more: this device keeps nothing of theirs. */
export async function forgetHere(): Promise<void> {
  forgetAccess();
  // Whatever the browser says to that, nothing stays here.
  await endSubscription().catch(() => {});
  await deviceStore.clear();
  commandsChanged();
  tell({ type: "owner" });
  await queryClient.resetQueries();
}

const SIGNED_IN = "batchwatch.signedIn";

/** Remembers, also over the organisation's own sign-in page, that what follows is a full sign-in. */
function noteSignIn(): void {
  try {
    sessionStorage.setItem(SIGNED_IN, "1");
  } catch {
    // Storage may be forbidden; the device is then paired when it is turned on.
  }
}

/** Whether somebody has just signed in here; only the first who asks is told. */
export function hasSignedIn(): boolean {
  try {
    const has = sessionStorage.getItem(SIGNED_IN) !== null;
    sessionStorage.removeItem(SIGNED_IN);
    return has;
  } catch {
    return false;
  }
}
