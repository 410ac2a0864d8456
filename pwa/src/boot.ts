import type { MeView } from "batchwatch/router";
import { type BoardShown, boardShown, thisPage } from "./live/board-shown.ts";
import { liveStore } from "./live/use-live.ts";
import { access, isPagedOnly } from "./offline/access.ts";
import { listen } from "./offline/channel.ts";
import { deviceStore } from "./offline/device-store.ts";
import { keepSomewhere } from "./offline/memory-store.ts";
import { flush } from "./offline/outgoing.ts";
import { KEPT_QUERIES, keepQueries } from "./offline/query-keeper.ts";
import { followConnection } from "./offline/reachable.ts";
import { atMost, restore } from "./offline/restore.ts";
import { sendWhenPossible } from "./offline/wake.ts";
import { keepInstallOffer } from "./push/install.ts";
import { meQuery, queryClient } from "./queries.ts";
import { hasSignedIn } from "./session.ts";
import { api } from "./trpc.ts";

/** An incident looked at stays in memory for as long as it may be opened without a network, ms. */
const INCIDENT_KEPT_MS = 86_400_000;

/** The service worker's registration does not keep the first paint waiting, ms. */
const WORKER_LATER_MS = 300;

/** Everything that lives beside the screens. Resolves when the first paint need wait no longer. */
export async function boot(): Promise<void> {
  const page = thisPage();
  followConnection();
  keepInstallOffer();
  queryClient.setQueryDefaults([KEPT_QUERIES.incident], { gcTime: INCIDENT_KEPT_MS });
  listen((message) => {
    if (message.type === "owner") location.reload();
  });
  // On its way while the device's store is read: everything else waits for it.
  if (!hasCode()) void access();
  const isReadable = keepSomewhere();
  const userId = await restored(isReadable);
  let isChecked = false;
  keepQueries({
    store: deviceStore,
    queries: queryClient,
    userId,
    onNewOwner: async (was) => endSubscriptionOf(was, await isReadable),
    onOtherPerson: () => location.reload(),
    onConfirmed: () => {
      void flush(true);
      if (!isPagedOnly() && hasSignedIn()) void afterSignIn();
      else if (!isChecked) void checkPush(false);
      isChecked = true;
    },
  });
  sendWhenPossible();
  void boardShown({ ...page, store: liveStore }).then((shown) =>
    shown === null ? undefined : reportLoad(shown),
  );
  if (import.meta.env.PROD) {
    setTimeout(() => {
      void import("./sw-bridge.ts").then(({ startWorker }) => startWorker());
    }, WORKER_LATER_MS);
  }
}

/** Somebody comes with a sign-in link. */
function hasCode(): boolean {
  return location.hash.startsWith("#code=");
}

/** What this browser is to its owner goes on with the session that has begun. */
async function afterSignIn(): Promise<void> {
  await pair();
  await checkPush(true);
}

/** What is not paired now is paired at the next sign-in. */
async function pair(): Promise<void> {
  const me = queryClient.getQueryData<MeView>(meQuery().queryKey);
  if (me === undefined) return;
  const { pairAfterSignIn } = await import("./push/pair-device.ts");
  await pairAfterSignIn(me).catch(() => {});
}

/** Tells the server how long this load took; no part of it. */
async function reportLoad(shown: BoardShown): Promise<void> {
  try {
    const { reportVitals } = await import("./live/vitals.ts");
    reportVitals(shown, (report) => api.vitals.report.mutate(report));
  } catch {
    // The chunk could not be had: a figure less.
  }
}

/** Who was paged here before is not paged here any more. */
async function endSubscriptionOf(was: "other" | "nobody", isReadable: boolean): Promise<void> {
  const { endFormerSubscription } = await import("./push/known-subscription.ts");
  await endFormerSubscription(was, isReadable).catch(() => {});
}

/** Not on the way to the first paint. What fails now is looked at when the app is opened next. */
async function checkPush(isNewSession: boolean): Promise<void> {
  try {
    const { checkSubscription } = await import("./push/turn-on.ts");
    await checkSubscription(isNewSession);
  } catch {
    // The card "This phone" says how it stands.
  }
}

/** For whom something is shown before the server has answered; null: for nobody, or it took too long to find out. */
async function restored(isReadable: Promise<boolean>): Promise<string | null> {
  // Nobody knows yet who.
  if (hasCode()) {
    await isReadable;
    return null;
  }
  let userId: string | null = null;
  const options = { store: deviceStore, queries: queryClient, live: liveStore };
  await atMost(
    isReadable
      .then(() => restore(options))
      .then((restoredFor) => {
        userId = restoredFor;
      }),
  );
  return userId;
}
