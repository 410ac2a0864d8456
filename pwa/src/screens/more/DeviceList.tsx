import type { PushDeviceView } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatAge } from "../../components/format.ts";
import { useNow } from "../../live/tick-clock.ts";
import { endSubscription } from "../../push/end-subscription.ts";
import { api } from "../../trpc.ts";
import { useChange } from "./use-change.ts";

interface DeviceListProps {
  readonly devices: readonly PushDeviceView[];
  /** Of this browser; null when it is none of them. */
  readonly ownHash: string | null;
  readonly onRemoved: () => Promise<void>;
}

/** Every device that wakes its owner, and when it last showed something; each can be removed, also one that somebody else put there. */
export function DeviceList({ devices, ownHash, onRemoved }: DeviceListProps): ReactNode {
  return (
    <ul className="panel devices" aria-label="Your devices">
      {devices.map((device) => (
        <li key={device.subscriptionId}>
          <Device device={device} isThis={device.endpointHash === ownHash} onRemoved={onRemoved} />
        </li>
      ))}
    </ul>
  );
}

interface DeviceProps {
  readonly device: PushDeviceView;
  readonly isThis: boolean;
  readonly onRemoved: () => Promise<void>;
}

function Device({ device, isThis, onRemoved }: DeviceProps): ReactNode {
  const now = useNow(10_000);
  const { subscriptionId, label, trouble } = device;
  const { change, isChanging, problem } = useChange(async () => {
    await api.push.remove.mutate({ subscriptionId });
    // Else its next opening would tell the server of it again.
    if (isThis) await endSubscription();
    await onRemoved();
  });
  return (
    <>
      <span>
        {label}
        {isThis && <b> · this one</b>}
        {device.isPrivate && " · private"}
      </span>
      <span className="secondary">{lastShown(device, now)}</span>
      {trouble !== null && <span className="problem">{trouble}</span>}
      <span>
        <button
          type="button"
          className="button"
          disabled={isChanging}
          aria-label={`Do not wake me on ${label} any more`}
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

/** `last push shown 3 min ago`; some phones never report it. */
function lastShown({ lastShownAt, lastSentAt }: PushDeviceView, now: number): string {
  if (lastShownAt !== null)
    return `last push shown ${formatAge(now - Date.parse(lastShownAt))} ago`;
  if (lastSentAt === null) return "nothing sent yet: try Test";
  return `last sent ${formatAge(now - Date.parse(lastSentAt))} ago, shown: not reported by this device`;
}
