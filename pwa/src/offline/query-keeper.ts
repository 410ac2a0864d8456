import type { QueryCacheNotifyEvent, QueryClient } from "@tanstack/react-query";
import type { IncidentView, MeView } from "batchwatch/router";
import { isSignedOut } from "../trpc.ts";
import { isPagedOnly } from "./access.ts";
import { tellHere } from "./channel.ts";
import type { DeviceStore } from "./device-store.ts";
import type { KeptView } from "./kept.ts";
import { DEVICE_SCHEMA, OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import { claim, keepFor, loseSession } from "./owner.ts";

/** First parts of the query keys whose answers are kept: `["me"]`, `["incident", incidentId]`. */
export const KEPT_QUERIES = { me: "me", incident: "incident" } as const;

export interface QueryKeeperOptions {
  readonly store: DeviceStore;
  readonly queries: QueryClient;
  /** Who this page was opened for, as kept on this device; null: nobody. */
  readonly userId: string | null;
  /** The device had another owner, or none that is known: what the browser holds for them must end. */
  readonly onNewOwner: (was: "other" | "nobody") => Promise<void>;
  /** Another person is signed in than the one this page was showing, or may have something in memory of. */
  readonly onOtherPerson: () => void;
  /** The owner is confirmed: what waits may be sent. */
  readonly onConfirmed: () => void;
}

/** Keeps who is signed in and the incidents last looked at, as the server answers them. */
export function keepQueries(options: QueryKeeperOptions): () => void {
  const { store, queries } = options;
  let userId = options.userId;
  const onMe = async (me: MeView): Promise<void> => {
    const was = userId;
    userId = me.userId;
    const owner = await claim(store, me.userId);
    if (owner === "other") {
      // Nothing of theirs stays on the screen until the page has begun anew.
      tellHere({ type: "shown", notificationId: null });
      tellHere({ type: "commands" });
    }
    if (owner !== "same") await options.onNewOwner(owner);
    const kept = { schema: DEVICE_SCHEMA, me, at: Date.now() };
    await keepFor(store, me.userId, "me", () => kept);
    if (owner === "other" || (was !== null && was !== me.userId)) options.onOtherPerson();
    else options.onConfirmed();
  };
  const onLost = async (): Promise<void> => {
    const was = (await store.get("owner"))?.userId;
    await loseSession(store);
    // By its key the server knows whose device it is: what they did about their pages is sent.
    if (was === undefined || !isPagedOnly()) return;
    await claim(store, was);
    options.onConfirmed();
  };
  return queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated") return;
    const [name] = event.query.queryKey as readonly unknown[];
    if (event.action.type === "error") {
      if (name !== KEPT_QUERIES.me || !isSignedOut(event.action.error)) return;
      userId = null;
      void onLost();
    } else if (isFromServer(event)) {
      const data: unknown = event.query.state.data;
      if (name === KEPT_QUERIES.me) void onMe(data as MeView);
      else if (name === KEPT_QUERIES.incident && userId !== null) {
        void keepView(store, userId, data as IncidentView);
      }
    }
  });
}

/** The views with this one in front, each incident once. */
function withView(views: readonly KeptView[], view: KeptView): readonly KeptView[] {
  const others = views.filter((one) => one.view.incidentId !== view.view.incidentId);
  return [view, ...others].slice(0, LIMITS.incidentViews);
}

async function keepView(store: DeviceStore, userId: string, view: IncidentView): Promise<void> {
  const kept = { schema: DEVICE_SCHEMA, userId, view, at: Date.now() };
  await keepFor(store, userId, "incidents", (views = []) => withView(views, kept));
}

/** Not what this page itself put in. */
function isFromServer(event: QueryCacheNotifyEvent): boolean {
  return event.type === "updated" && event.action.type === "success" && !event.action.manual;
}
