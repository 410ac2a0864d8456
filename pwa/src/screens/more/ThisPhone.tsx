import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Loading } from "../../components/Notice.tsx";
import { useMe } from "../../components/me.ts";
import { install, useInstallOffer } from "../../push/install.ts";
import { APPLE_STEPS, PROBLEM_WORDS } from "../../push/push-words.ts";
import { tellServer, type PushProblem, turnOn } from "../../push/turn-on.ts";
import { type ThisDevice, useThisDevice } from "../../push/use-this-device.ts";
import { devicesQuery } from "../../queries.ts";
import { DeviceList } from "./DeviceList.tsx";
import { TestPush } from "./TestPush.tsx";

/** Whether this phone wakes its owner: turning it on, trying it out, and every device that does. */
export function ThisPhone(): ReactNode {
  const me = useMe();
  const { device, lookAgain } = useThisDevice();
  const devices = useQuery({ ...devicesQuery(), refetchInterval: 60_000 });
  if (me.role === "display") return null;
  const refresh = async (): Promise<void> => {
    await Promise.all([lookAgain(), devices.refetch()]);
  };
  const own = devices.data?.find((one) => one.endpointHash === device?.endpointHash);
  const isUnknown = devices.data !== undefined && own === undefined;
  return (
    <section aria-labelledby="phone-title">
      <h2 id="phone-title" className="section-title">
        This phone
      </h2>
      <div className="panel">
        <div className="phone">
          {device === undefined ? (
            <Loading what="this device" />
          ) : (
            <Switch
              device={device}
              isUnknown={isUnknown}
              isRefused={own !== undefined && own.trouble !== null}
              onChanged={refresh}
            />
          )}
          {own !== undefined && (
            <TestPush subscriptionId={own.subscriptionId} onShown={() => void devices.refetch()} />
          )}
          <InstallHelp isAppleTab={device?.support === "install-first"} />
        </div>
      </div>
      {devices.data !== undefined && devices.data.length > 0 && (
        <DeviceList
          devices={devices.data}
          ownHash={device?.endpointHash ?? null}
          onRemoved={refresh}
        />
      )}
    </section>
  );
}

interface SwitchProps {
  readonly device: ThisDevice;
  /** The server has said whom it wakes, and this browser is not among them. */
  readonly isUnknown: boolean;
  /** The push service takes nothing for it any more. */
  readonly isRefused: boolean;
  readonly onChanged: () => Promise<void>;
}

function Switch({ device, isUnknown, isRefused, onChanged }: SwitchProps): ReactNode {
  const [problem, setProblem] = useState<PushProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = (work: () => Promise<PushProblem | null>): void => {
    setBusy(true);
    setProblem(null);
    void work()
      .then(setProblem, () => setProblem("server"))
      .then(onChanged)
      .finally(() => setBusy(false));
  };
  const { key, support } = device;
  // Only what holds from the server to the lock screen wakes anybody.
  const isTold = device.endpointHash !== null && !isUnknown;
  const isOn = isTold && !isRefused && support === "ready";
  const shown = problem ?? (support === "ready" ? null : support);
  return (
    <>
      <p>{stateWords(device, isOn, isUnknown, isRefused)}</p>
      {shown !== null && (
        <p className="problem" role="alert">
          {PROBLEM_WORDS[shown]}
        </p>
      )}
      {support === "ready" && !isOn && (
        <button
          type="button"
          className="button primary"
          disabled={isBusy}
          onClick={() => run(() => turnOn(device.isPrivate))}
        >
          {isBusy ? "Asking the push service…" : "Wake me on this phone"}
        </button>
      )}
      {isTold && key !== null && (
        <label className="check">
          <input
            type="checkbox"
            checked={device.isPrivate}
            disabled={isBusy}
            onChange={(event) => {
              const isPrivate = event.target.checked;
              run(() => tellServer(isPrivate, key));
            }}
          />
          Private: the lock screen says nothing of jobs
        </label>
      )}
    </>
  );
}

function stateWords(
  { endpointHash, isLost }: ThisDevice,
  isOn: boolean,
  isUnknown: boolean,
  isRefused: boolean,
): string {
  if (isOn) return "This phone wakes you when you are paged.";
  if (endpointHash !== null && isRefused)
    return "The push service takes nothing for this phone any more. It does not wake you.";
  if (endpointHash !== null && isUnknown)
    return "The server does not know this phone any more: its session was ended. It does not wake you.";
  if (isLost)
    return "The push service ended this phone's subscription. It does not wake you any more.";
  return "This phone does not wake you.";
}

function InstallHelp({ isAppleTab }: { readonly isAppleTab: boolean }): ReactNode {
  const canInstall = useInstallOffer();
  if (isAppleTab) {
    return (
      <ol className="steps">
        {APPLE_STEPS.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    );
  }
  if (!canInstall) return null;
  return (
    <button type="button" className="button" onClick={() => void install()}>
      Put Batchwatch on the home screen
    </button>
  );
}
