import { type ReactNode, useEffect, useState } from "react";
import { Link, useRoute } from "wouter";
import { onCommandGiven } from "../offline/commands.ts";
import { deviceStore } from "../offline/device-store.ts";
import { currentSubscription } from "../push/current-subscription.ts";
import { install, useInstallOffer } from "../push/install.ts";
import { mayAsk, noteAnswer } from "../push/soft-prompt.ts";
import { PROBLEM_WORDS } from "../push/push-words.ts";
import { pushEnvironment, pushSupport } from "../push/support.ts";
import { type PushProblem, turnOn } from "../push/turn-on.ts";
import { useThisDevice } from "../push/use-this-device.ts";
import { takeNewVersion, useNewVersion } from "../sw-bridge.ts";

/** What the app itself has to say, above the tabs: a new version, and once after an answer, whether it may wake. */
export function AppNotices(): ReactNode {
  const hasNewVersion = useNewVersion();
  return (
    <div className="app-notices" role="status">
      {hasNewVersion && (
        <div className="toast">
          <span>New version.</span>
          <button type="button" className="button" onClick={takeNewVersion}>
            Reload
          </button>
        </div>
      )}
      <CannotWake />
      <SoftPrompt />
    </div>
  );
}

/** A device that its owner relies on and that wakes them no more says so on every screen, as they would find out by not waking up. */
function CannotWake(): ReactNode {
  const { device } = useThisDevice();
  const [isMore] = useRoute("/more");
  const wasOn = device !== undefined && device.key !== null;
  if (!wasOn || (device.support === "ready" && !device.isLost) || isMore) return null;
  return (
    <div className="toast">
      <span>This phone cannot wake you.</span>
      <Link href="/more" className="button primary">
        Fix
      </Link>
    </div>
  );
}

type Question = "wake" | "install-first" | "install";

/** Asked in our own words first: a browser's "no" is for good. Only after somebody answered an incident here. */
function SoftPrompt(): ReactNode {
  const [hasAnswered, setAnswered] = useState(false);
  const [canWake, setCanWake] = useState<Question | null>(null);
  const [isClosed, setClosed] = useState(false);
  const [problem, setProblem] = useState<PushProblem | null>(null);
  /** As its owner chose before; read before the tap, as phones ask only with nothing awaited after it. */
  const [isPrivate, setPrivate] = useState(false);
  const canInstall = useInstallOffer();
  useEffect(
    () =>
      onCommandGiven(() => {
        setAnswered(true);
        void wakeQuestion().then(async (wake) => {
          const choice = await deviceStore.get("push").catch(() => undefined);
          setPrivate(choice?.isPrivate ?? false);
          setCanWake(wake);
        });
      }),
    [],
  );
  const question = canWake ?? (canInstall ? "install" : null);
  if (!hasAnswered || isClosed || question === null || !mayAsk()) return null;
  const close = (): void => {
    noteAnswer();
    setClosed(true);
  };
  const agree = async (): Promise<void> => {
    const failed = question === "wake" ? await turnOn(isPrivate) : await install();
    if (typeof failed === "string") setProblem(failed);
    else close();
  };
  return (
    <div className="toast">
      <span>{problem === null ? QUESTIONS[question] : PROBLEM_WORDS[problem]}</span>
      {question === "install-first" ? (
        <Link href="/more" className="button" onClick={close}>
          Show me
        </Link>
      ) : (
        <button type="button" className="button primary" onClick={() => void agree()}>
          {question === "wake" ? "Wake me" : "Install"}
        </button>
      )}
      <button type="button" className="button" onClick={close}>
        Not now
      </button>
    </div>
  );
}

const QUESTIONS: Readonly<Record<Question, string>> = {
  wake: "Shall this device wake you for the next one?",
  "install-first": PROBLEM_WORDS["install-first"],
  install: "Put Batchwatch on the home screen?",
};

async function wakeQuestion(): Promise<Question | null> {
  const support = pushSupport(pushEnvironment());
  if (support === "install-first") return "install-first";
  if (support !== "ready" || (await currentSubscription()) !== null) return null;
  return "wake";
}
