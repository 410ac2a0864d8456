import { useQuery } from "@tanstack/react-query";
import type { OncallView } from "batchwatch/router";
import { type ReactNode, useEffect } from "react";
import { EditableSection } from "../../components/EditableSection.tsx";
import { mayConfigure, useMe } from "../../components/me.ts";
import { ErrorNotice, Loading, Notice } from "../../components/Notice.tsx";
import { oncallQuery } from "../../queries.ts";
import { OncallForm } from "./OncallForm.tsx";
import { candidatesFor, deviceWords } from "./oncall-list.ts";

/** Who is paged for each team, in which order, and whether anything can wake them. */
export function OncallScreen(): ReactNode {
  const query = useQuery(oncallQuery());
  useEffect(() => {
    document.title = "On call · Batchwatch";
  }, []);
  const teams = query.data;
  return (
    <div className="page more">
      <h1>On call</h1>
      <p className="secondary">
        The first is paged at once and again after 60 s; whoever has not answered after 5 min is
        followed by the next. People without a device are passed over.
      </p>
      {query.isPending && query.fetchStatus !== "paused" && <Loading what="the lists" />}
      {query.isPending && query.fetchStatus === "paused" && (
        <ErrorNotice error={null} what="list" />
      )}
      {query.isError && (
        <ErrorNotice error={query.error} what="list" onRetry={() => void query.refetch()} />
      )}
      {teams?.length === 0 && <Notice>No team is known yet.</Notice>}
      {teams?.map((team) => (
        <Team key={team.teamId} team={team} teams={teams} />
      ))}
    </div>
  );
}

interface TeamProps {
  readonly team: OncallView;
  readonly teams: readonly OncallView[];
}

function Team({ team, teams }: TeamProps): ReactNode {
  const me = useMe();
  return (
    <EditableSection
      title={team.teamName}
      change={mayConfigure(me) ? "Change the list" : null}
      renderForm={(done) => (
        <OncallForm team={team} candidates={candidatesFor(team, teams, me)} onDone={done} />
      )}
    >
      {team.people.length === 0 ? (
        <p className="empty">Nobody: an incident of this team wakes nobody.</p>
      ) : (
        <ol className="panel oncall">
          {team.people.map((person, at) => (
            <li key={person.userId}>
              <span className="num">{at + 1}</span>
              <span className="words">{person.name}</span>
              <span className={person.devices === 0 ? "problem" : "secondary"}>
                {deviceWords(person.devices)}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className="empty">
        {team.origin === "SET"
          ? "This list was set by hand."
          : "Nobody set a list: the team's people on call, then its leads, then operations."}
      </p>
    </EditableSection>
  );
}
