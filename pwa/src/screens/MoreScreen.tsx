import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Facts } from "../components/Facts.tsx";
import { timeZoneName } from "../components/format.ts";
import { HealthMark } from "../components/Health.tsx";
import { useMe } from "../components/me.ts";
import { ErrorNotice, Loading } from "../components/Notice.tsx";
import { ThemeChoice } from "../components/ThemeChoice.tsx";
import { HEALTH_NAMES } from "../components/words.ts";
import { clock } from "../live/tick-clock.ts";
import { healthQuery, queryClient } from "../queries.ts";
import { signOut } from "../trpc.ts";
import { MoreLinks } from "./more/MoreLinks.tsx";

/** Who am I, how it looks, whether the watcher is well, and the way out. */
export function MoreScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "More · Batchwatch";
  }, []);
  const facts: readonly (readonly [string, string])[] = [
    ["Name", me.name],
    ["Role", me.role],
    ["Teams", me.teams.map((team) => team.name).join(", ") || "none"],
    ["Time zone", timeZoneName(clock.now())],
    ["Version", me.version],
  ];
  return (
    <div className="page more">
      <h1>More</h1>
      <MoreLinks />
      <Facts title="You" facts={facts} empty="" />
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
  const leave = async (): Promise<void> => {
    const done = await signOut();
    setFailed(!done);
    if (done) await queryClient.resetQueries();
  };
  return (
    <section>
      {failed && (
        <p role="alert" className="problem">
          The server could not be told. You are still signed in.
        </p>
      )}
      <button type="button" className="button" onClick={() => void leave()}>
        Sign out
      </button>
    </section>
  );
}
