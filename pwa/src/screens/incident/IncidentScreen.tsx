import { useQuery } from "@tanstack/react-query";
import type { IncidentListItem, IncidentView } from "batchwatch/router";
import { lazy, type ReactNode, useCallback, useEffect, useMemo } from "react";
import { Link } from "wouter";
import { attemptProgress } from "../../components/attempt-progress.ts";
import { attemptWords, incidentMark } from "../../components/incident-words.ts";
import { LazyPart } from "../../components/LazyPart.tsx";
import { mayRespond, maySeeIncidents, useMe } from "../../components/me.ts";
import { ErrorNotice, Loading, Notice } from "../../components/Notice.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { useAcknowledgeKey } from "../../components/use-acknowledge-key.ts";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { incidentKey, isOpen } from "../../live/incident-lists.ts";
import { clock, useNow } from "../../live/tick-clock.ts";
import { useBoardRow, useLiveState } from "../../live/use-live.ts";
import { useCommands } from "../../offline/commands.ts";
import { type StoredIncident, useStoredIncident } from "../../offline/stored-incidents.ts";
import { incidentQuery } from "../../queries.ts";
import { errorCode } from "../../trpc.ts";
import { useThrottledRefetch } from "../run/use-throttled-refetch.ts";
import { type ActionSubject, subjectOf, subjectOfStored } from "./action-subject.ts";
import { IncidentActions } from "./IncidentActions.tsx";
import { IncidentHead } from "./IncidentHead.tsx";
import { StoredCard } from "./StoredCard.tsx";
import { useSeenReceipt } from "./use-seen-receipt.ts";

/** What is not needed in the first second: it is fetched beside the answer of the server. */
const IncidentDetails = lazy(async () => ({
  default: (await import("./IncidentDetails.tsx")).IncidentDetails,
}));

/** Whether a message has arrived changes without the incident changing; asked for this often while it is open, ms. */
const RECEIPTS_INTERVAL_MS = 10_000;

/** The page for half a minute at three in the morning. */
export function IncidentScreen({ incidentId }: { readonly incidentId: string }): ReactNode {
  const me = useMe();
  if (maySeeIncidents(me)) return <Incident incidentId={incidentId} />;
  return (
    <Notice>
      <p>
        Your role sees on the board that an incident is open, not what its job said. Operations
        managers, team leads, people on call and auditors can open it.
      </p>
      <Link className="button" href="/">
        Go to Now
      </Link>
    </Notice>
  );
}

function Incident({ incidentId }: { readonly incidentId: string }): ReactNode {
  const me = useMe();
  const now = useNow(10_000);
  const stored = useStoredIncident(incidentId);
  const commands = useCommands(incidentId);
  const boardRow = useBoardRow(incidentKey(incidentId));
  const row = boardRow?.kind === "incident" ? boardRow : undefined;
  const query = useQuery({
    ...incidentQuery(incidentId),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isOpen(state.data) ? RECEIPTS_INTERVAL_MS : false,
  });
  const answeredAt = commands.at(-1)?.answeredAt ?? "";
  useThrottledRefetch(`${row?.version ?? ""} ${answeredAt}`, query.refetch);

  const view = query.data;
  const incident = newest(view, row);
  const attempt = useBoardRow(`run:${incident?.recovering?.executionId ?? ""}`);
  const attemptLine = attemptWords(incident?.recovering ?? null, attemptProgress(attempt), now);
  const subject = useMemo((): ActionSubject | null => {
    if (incident !== null) {
      return subjectOf(incident, view?.snoozeUntilMost ?? null, me);
    }
    return stored === null ? null : subjectOfStored(incidentId, stored, me, clock.now());
  }, [incident, view, me, stored, incidentId]);
  const title = titleOf(incident, stored);
  useEffect(() => {
    document.title = `${title} · Batchwatch`;
  }, [title]);
  useSeenReceipt(subject !== null);
  const whole = useMemo(
    () => (subject === null ? null : { incidentId, name: subject.name }),
    [subject, incidentId],
  );
  const untaken = useCallback(
    () => (subject !== null && subject.isOpen && subject.holder === "nobody" ? subject : null),
    [subject],
  );
  useAcknowledgeKey(untaken, whole);

  if (subject === null) {
    if (query.fetchStatus === "paused") return <ErrorNotice error={null} what="incident" />;
    if (!query.isError) return <Loading what="the incident" />;
    return <ErrorNotice error={query.error} what="incident" onRetry={() => void query.refetch()} />;
  }
  const isUnreachable =
    query.fetchStatus === "paused" ||
    (query.failureReason !== null && errorCode(query.failureReason) === "NETWORK");
  return (
    <article className="page run-page incident-page">
      {isUnreachable && <Unreachable asOf={view === undefined ? null : query.dataUpdatedAt} />}
      {query.isError && !isUnreachable && (
        <ErrorNotice error={query.error} what="incident" onRetry={() => void query.refetch()} />
      )}
      {incident === null ? (
        stored !== null && <StoredCard stored={stored} />
      ) : (
        <IncidentHead incident={incident} attempt={attemptLine} />
      )}
      {mayRespond(me) && view?.isForeign !== true && <IncidentActions subject={subject} />}
      {view === undefined ? (
        !query.isError && !isUnreachable && <Loading what="the rest" />
      ) : (
        <LazyPart what="the rest">
          <IncidentDetails incident={view} />
        </LazyPart>
      )}
      <ZoneNote />
    </article>
  );
}

/** The server's answer, or the row of the board where that has gone on since. */
function newest(
  view: IncidentView | undefined,
  row: IncidentListItem | undefined,
): IncidentListItem | null {
  if (view === undefined || (row !== undefined && row.version > view.version)) return row ?? null;
  return view;
}

function titleOf(incident: IncidentListItem | null, stored: StoredIncident | null): string {
  if (incident !== null) return `${incidentMark(incident).word} ${incident.jobName}`;
  return stored?.title ?? "Incident";
}

/** @param props.asOf when the details were fetched, epoch milliseconds; null where they never were */
function Unreachable({ asOf }: { readonly asOf: number | null }): ReactNode {
  const { receivedAt } = useLiveState();
  const shown = asOf ?? receivedAt;
  return (
    <p className="unreachable num" role="status">
      No connection. {asOf === null && "Only what is stored here is shown. "}
      {shown !== null && (
        <>
          As of <TimeAndAge at={new Date(shown).toISOString()} />.{" "}
        </>
      )}
      It returns by itself.
    </p>
  );
}
