import type { PushDeviceView } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatAge } from "../../components/format.ts";
import { useNow } from "../../live/tick-clock.ts";

interface DeviceListProps {
  readonly devices: readonly PushDeviceView[];
  /** Of this browser; null when it is none of them. */
  readonly ownHash: string | null;
}

/** Every device that wakes its owner, and when it last showed something. */
export function DeviceList({ devices, ownHash }: DeviceListProps): ReactNode {
  const now = useNow(10_000);
  return (
    <ul className="panel devices" aria-label="Your devices">
      {devices.map((device) => (
        <li key={device.subscriptionId}>
          <span>
            {device.label}
            {device.endpointHash === ownHash && <b> · this one</b>}
            {device.isPrivate && " · private"}
          </span>
          <span className="secondary">{lastShown(device, now)}</span>
          {device.trouble !== null && <span className="problem">{device.trouble}</span>}
        </li>
      ))}
    </ul>
  );
}

/** `last push shown 3 min ago`; some phones never report it. */
export function lastShown({ lastShownAt, lastSentAt }: PushDeviceView, now: number): string {
  if (lastShownAt !== null)
    return `last push shown ${formatAge(now - Date.parse(lastShownAt))} ago`;
  if (lastSentAt === null) return "nothing sent yet: try Test";
  return `last sent ${formatAge(now - Date.parse(lastSentAt))} ago, shown: not reported by this device`;
}
