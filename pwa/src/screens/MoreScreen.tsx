import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Facts } from "../components/Facts.tsx";
import { timeZoneName } from "../components/format.ts";
import { HealthMark } from "../components/Health.tsx";
import { useMe } from "../components/me.ts";
import { ErrorNotice, Loading } from "../components/Notice.tsx";
import { PartBoundary } from "../components/PartBoundary.tsx";
import { ThemeChoice } from "../components/ThemeChoice.tsx";
import { HEALTH_NAMES } from "../components/words.ts";
import { clock } from "../live/tick-clock.ts";
import { useAllCommands } from "../offline/commands.ts";
import { healthQuery } from "../queries.ts";
import { leave } from "../session.ts";
import { MoreLinks } from "./more/MoreLinks.tsx";

const ThisPhone = lazy(async () => ({
  default: (await import("./more/ThisPhone.tsx")).ThisPhone,
}));

/** Who am I, how it looks, whether the watcher is well, and the way out. */
export function MoreScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "More · Batchwatch";
  }, []);
  const facts: readonly (readonly [string, string])[] = [
    ["Name", me.name],
    ["Role", me.role],
    ["Time zone", timeZoneName(clock.now())],
    ["Version", me.version],
  ];
  return (
    <div className="page more">
      <h1>More</h1>
      <MoreLinks />
      <Facts title="Here" facts={facts} empty="" />
      <PartBoundary>
        <Suspense fallback={<Loading what="this device" />}>
          <ThisPhone />
        </Suspense>
      </PartBoundary>
      <ThemeChoice />
      <Health />
      <SignOut />
    </div>
  );
}

function Health(): ReactNode {
  const query = useQuery({ ...healthQuery(), refetchInterval: 10_000 });
  return (
    <section aria-labelledby="health-title">
      <h2 id="health-title" className="section-title">
        System health
      </h2>
      {query.isPending && <Loading what="the health" />}
      {query.isError && (
        <ErrorNotice error={query.error} what="page" onRetry={() => void query.refetch()} />
      )}
      <ul className="panel health">
        {query.data?.components.map((component) => (
          <li key={component.name}>
            <span className="health-name">{HEALTH_NAMES[component.name]}</span>
            <HealthMark status={component.status} />
            <span className="secondary">{component.summary}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SignOut(): ReactNode {
  const [failed, setFailed] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const unsent = useAllCommands().filter(({ state }) => state === "waiting" || state === "sending");
  const go = async (): Promise<void> => {
    setLeaving(true);
    setFailed(!(await leave()));
    setLeaving(false);
  };
  return (
    <section>
      {failed && (
        <p role="alert" className="problem">
          The server could not be told. You are still signed in.
        </p>
      )}
      {unsent.length > 0 && (
        <p className="secondary">
          {unsent.length === 1 ? "One answer of yours is" : `${unsent.length} answers of yours are`}{" "}
          not sent yet. Signing out tries once more, then drops what is left.
        </p>
      )}
      <button type="button" className="button" disabled={isLeaving} onClick={() => void go()}>
        Sign out
      </button>
    </section>
  );
}
