import type { MeView } from "batchwatch/router";
import { useEffect, useState } from "react";
import { deviceStore } from "../../offline/device-store.ts";
import type { PairedKey } from "../../offline/kept.ts";

/**
 * Whose device it is, as signed in when it was paired; null while that is read, where it is nobody's, and where its key counts
 * no more by this device's clock.
 */
export function useDeviceOwner(): MeView | null {
  const [owner, setOwner] = useState<MeView | null>(null);
  useEffect(() => {
    let isCurrent = true;
    deviceStore.get("device").then(
      (known) => {
        if (isCurrent && known !== undefined && isGood(known)) setOwner(ownerOf(known));
      },
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return owner;
}

function isGood({ goodUntil }: PairedKey): boolean {
  return Date.parse(goodUntil) > Date.now();
}

function ownerOf({ userId, name, role }: PairedKey): MeView {
  return {
    userId,
    name,
    role,
    teamIds: [],
    teams: [],
    version: "",
    sample: false,
    hasSource: true,
    updateIntervalMs: 5_000,
    serverTime: new Date().toISOString(),
  };
}
