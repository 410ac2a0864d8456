import { useEffect } from "react";
import { liveStore } from "../live/use-live.ts";
import { BoardKeeper } from "./board-keeper.ts";
import { deviceStore } from "./device-store.ts";

/** Keeps the one board of this app while someone is signed in. @param userId null: nobody */
export function useBoardKeeper(userId: string | null): void {
  useEffect(() => {
    if (userId === null) return;
    const keeper = new BoardKeeper({ store: deviceStore, live: liveStore, userId });
    keeper.start();
    return () => keeper.stop();
  }, [userId]);
}
