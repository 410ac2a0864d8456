import { useEffect } from "react";
import { LiveSession, type LiveTransport } from "./live-session.ts";
import { clock } from "./tick-clock.ts";
import { liveStore } from "./use-live.ts";

/** Runs the one live session of the app while someone is signed in. Changing the team starts another. */
export function useLiveSession(
  enabled: boolean,
  team: string | undefined,
  transport: LiveTransport,
  onSignedOut: () => unknown,
): void {
  useEffect(() => {
    if (!enabled) return;
    const session = new LiveSession({
      store: liveStore,
      transport,
      team,
      onServerTime: (at) => clock.follow(at),
      onSignedOut,
    });
    session.start();
    return () => {
      session.stop();
      liveStore.clear();
    };
  }, [enabled, team, transport, onSignedOut]);
}
