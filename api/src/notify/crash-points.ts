import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type IncidentStore,
  type Notification,
  type SenderHooks,
  SERVICE_TEAM_ID,
  type Stores,
} from "@batchwatch/engine";
import { CANARY_TARGET } from "./canary.ts";

/** Where a test ends the process, between a failure and its page. */
export type CrashPoint = "before-commit" | "after-commit" | "after-send" | "before-mark";

export interface CrashPoints {
  readonly incidents: IncidentStore;
  readonly hooks: SenderHooks;
}

/**
 * Only for tests of the real process: ends it, as a power cut would, when it comes to a point for which there is a file
 * `crash.<point>` in this folder. The canary's own pages pass.
 */
export function crashPoints(folder: string, stores: Pick<Stores, "incidents">): CrashPoints {
  const at = (point: CrashPoint): void => {
    const file = join(folder, `crash.${point}`);
    if (!existsSync(file)) return;
    rmSync(file);
    process.kill(process.pid, "SIGKILL");
  };
  let sent: Notification | null = null;
  const isOurs = ({ targetId }: Notification) => targetId !== CANARY_TARGET;
  const { incidents } = stores;
  return {
    incidents: new Proxy(incidents, {
      get: (target, name: keyof IncidentStore) =>
        name === "commit"
          ? async (changes: Parameters<IncidentStore["commit"]>[0]) => {
              const isPeoples = changes.some(({ incident }) => incident.teamId !== SERVICE_TEAM_ID);
              if (isPeoples) at("before-commit");
              const results = await target.commit(changes);
              if (isPeoples) at("after-commit");
              return results;
            }
          : target[name],
    }),
    hooks: {
      afterSend: async (notification) => {
        if (!isOurs(notification)) return;
        sent = notification;
        at("after-send");
      },
      beforeMark: async () => {
        if (sent !== null) at("before-mark");
        sent = null;
      },
    },
  };
}
