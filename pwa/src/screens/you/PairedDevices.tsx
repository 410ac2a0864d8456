import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { QueryState } from "../../components/QueryState.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { formatClock } from "../../components/format.ts";
import { clock } from "../../live/tick-clock.ts";
import { deviceStore } from "../../offline/device-store.ts";
import { queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { pairedDevicesQuery } from "../../trust-queries.ts";
import { useChange } from "../more/use-change.ts";

/** Devices that can answer my pages while they are signed out, and until when. */
export function PairedDevices(): ReactNode {
  const query = useQuery(pairedDevicesQuery());
  const ownId = useOwnDeviceId();
  return (
    <section aria-labelledby="paired-title">
      <h2 id="paired-title" className="section-title">
        Paired devices
      </h2>
      <p className="empty">
        They can acknowledge, snooze, escalate and comment on what was paged to you, also after your
        session on them has ended, for 36 h after you last signed in on them or until you sign out.
      </p>
      <QueryState query={query} loading="your devices" what="list" />
      {query.data?.length === 0 && (
        <p className="empty">None. A phone is paired when you sign in on it or let it wake you.</p>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className="panel devices">
          {query.data.map((device) => (
            <li key={device.deviceId}>
              <Device
                deviceId={device.deviceId}
                label={device.label}
                isThis={device.deviceId === ownId}
                goodUntil={device.goodUntil}
                lastUsedAt={device.lastUsedAt}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface DeviceProps {
  readonly deviceId: string;
  readonly label: string;
  readonly isThis: boolean;
  /** Epoch milliseconds. */
  readonly goodUntil: number;
  /** Epoch milliseconds; null: it never had to. */
  readonly lastUsedAt: number | null;
}

function Device({ deviceId, label, isThis, goodUntil, lastUsedAt }: DeviceProps): ReactNode {
  const { change, isChanging, problem } = useChange(async () => {
    await api.me.unpairDevice.mutate({ deviceId });
    if (isThis) await deviceStore.remove("device");
    await queryClient.invalidateQueries({ queryKey: pairedDevicesQuery().queryKey });
  });
  const now = clock.now();
  return (
    <>
      <span className="source-name">
        <span className="words">{label}</span>
        {isThis && <b>This one</b>}
      </span>
      <span className="secondary num">
        {goodUntil > now
          ? `good until ${formatClock(goodUntil, now)}`
          : "its time is over: sign in on it"}{" "}
        ·{" "}
        {lastUsedAt === null ? (
          "never used"
        ) : (
          <>
            used <TimeAndAge at={new Date(lastUsedAt).toISOString()} />
          </>
        )}
      </span>
      <span>
        <button
          type="button"
          className="button"
          disabled={isChanging}
          aria-label={`Remove ${label}`}
          onClick={change}
        >
          Remove
        </button>
      </span>
      {problem !== null && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

function useOwnDeviceId(): string | null {
  const [deviceId, setDeviceId] = useState<string | null>(null);
  useEffect(() => {
    deviceStore.get("device").then(
      (known) => setDeviceId(known?.deviceId ?? null),
      () => {},
    );
  }, []);
  return deviceId;
}
