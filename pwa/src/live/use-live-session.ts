import { useEffect } from "react";
import { LiveSession, type LiveTransport } from "./live-session.ts";
import { clock } from "./tick-clock.ts";
import { liveStore } from "./use-live.ts";

/**
 * Runs the one live session of the app while someone is signed in. Changing the team starts another; without a network the
 * board that is there stays.
 * @param scope whose it is and as what; another one starts anew; null: nobody is signed in
 */
export function useLiveSession(
  scope: string | null,
  team: string | undefined,
  transport: LiveTransport,
  askWho: () => unknown,
): void {
  useEffect(() => {
    if (scope === null) return;
    const session = new LiveSession({
      store: liveStore,
      transport,
      team,
      onServerTime: (at) => clock.follow(at),
      onSignedOut: askWho,
      onTokenRefused: askWho,
    });
    session.start();
    return () => {
      session.stop();
      liveStore.restart();
    };
  }, [scope, team, transport, askWho]);
  useEffect(() => (scope === null ? undefined : () => liveStore.clear()), [scope]);
}
