import { type ReactNode, useEffect, useRef, useState } from "react";
import { formatPrecisely } from "../../components/format.ts";
import { listen } from "../../offline/channel.ts";
import { PUSH_LIMITS as LIMITS } from "../../push/limits.ts";
import { api } from "../../trpc.ts";

interface Sent {
  readonly notificationId: string;
  readonly at: number;
}

type Result = "none" | "sending" | "waiting" | "missing" | "failed" | { readonly tookMs: number };

interface TestPushProps {
  readonly subscriptionId: string;
  readonly onShown: () => void;
}

/** Sends a test to this very device and waits until its own service worker has shown it. */
export function TestPush({ subscriptionId, onShown }: TestPushProps): ReactNode {
  const [result, setResult] = useState<Result>("none");
  const sent = useRef<Sent | null>(null);
  /** Shown before the server's answer said which one is ours. */
  const early = useRef(new Map<string, number>());
  useEffect(
    () =>
      listen((message) => {
        if (message.type !== "shown" || message.notificationId === null) return;
        if (sent.current?.notificationId !== message.notificationId) {
          early.current.set(message.notificationId, Date.now());
          return;
        }
        setResult({ tookMs: Date.now() - sent.current.at });
        sent.current = null;
        onShown();
      }),
    [onShown],
  );
  useEffect(() => {
    if (result !== "waiting") return;
    const timer = setTimeout(() => setResult("missing"), LIMITS.testTimeoutMs);
    return () => clearTimeout(timer);
  }, [result]);
  const test = async (): Promise<void> => {
    const at = Date.now();
    early.current.clear();
    setResult("sending");
    try {
      const { notificationId } = await api.push.test.mutate({ subscriptionId });
      const shownAt = early.current.get(notificationId);
      if (shownAt !== undefined) {
        setResult({ tookMs: shownAt - at });
        onShown();
        return;
      }
      sent.current = { notificationId, at };
      setResult("waiting");
    } catch {
      setResult("failed");
    }
  };
  const isBusy = result === "sending" || result === "waiting";
  return (
    <div className="test-push">
      <button type="button" className="button" disabled={isBusy} onClick={() => void test()}>
        Test
      </button>
      <span role="status">{wordsOf(result)}</span>
    </div>
  );
}

function wordsOf(result: Result): string {
  if (typeof result === "object") return `Shown after ${formatPrecisely(result.tookMs)}.`;
  switch (result) {
    case "none":
      return "";
    case "sending":
      return "Sending…";
    case "waiting":
      return "Sent. Waiting for this phone to show it…";
    case "missing":
      return `Not shown within ${LIMITS.testTimeoutMs / 1_000} s. Check battery saving and notification settings for this app.`;
    case "failed":
      return "The test could not be sent. Try again.";
  }
}
