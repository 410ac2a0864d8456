import { useQuery } from "@tanstack/react-query";
import type { SourceView } from "batchwatch/router";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { AskingFields } from "../../components/AskingFields.tsx";
import { mayRunSources, maySeeDeliveries, useMe } from "../../components/me.ts";
import { EditableSection } from "../../components/EditableSection.tsx";
import { Notice } from "../../components/Notice.tsx";
import { QueryState } from "../../components/QueryState.tsx";
import { SecretOnce } from "../../components/SecretOnce.tsx";
import { SetupBanner } from "../../components/SetupBanner.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { WaitingChanges } from "../../components/WaitingChanges.tsx";
import { plainName } from "../../components/format.ts";
import { queryClient, sourcesQuery } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalsChanged } from "../../trust-queries.ts";
import { KEY_WORDS } from "../approvals/Collect.tsx";
import { sourceLines } from "./source-lines.ts";
import { type MadeSource, SourceForm } from "./SourceForm.tsx";
import { useChange } from "./use-change.ts";

/** Where facts come from, and whether their trouble wakes anybody. */
export function SourcesScreen(): ReactNode {
  const me = useMe();
  const query = useQuery(sourcesQuery());
  const [made, setMade] = useState<MadeSource | null>(null);
  useEffect(() => {
    document.title = "Sources · Batchwatch";
  }, []);
  return (
    <div className="page more">
      <h1>Sources</h1>
      <SetupBanner />
      <QueryState query={query} loading="the sources" what="list" />
      {made !== null && (
        <SecretOnce
          title="The new source’s key"
          words={KEY_WORDS}
          secret={made.key}
          lines={sourceLines(made.contract, made.key, location.origin)}
          onClose={() => setMade(null)}
        />
      )}
      {mayRunSources(me) && (
        <EditableSection
          title="New"
          change="Add a source"
          renderForm={(done) => <SourceForm onMade={setMade} onDone={done} />}
        >
          {null}
        </EditableSection>
      )}
      {query.data?.length === 0 && <Notice>No source is connected yet.</Notice>}
      <ul className="sources">
        {query.data?.map((source) => (
          <li key={source.sourceId} className="panel">
            <Source source={source} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Source({ source }: { readonly source: SourceView }): ReactNode {
  const me = useMe();
  const isPaging = source.pagingMode === "PAGING";
  const [isAsking, setAsking] = useState(false);
  const isProduction = source.environment === "PROD";
  return (
    <>
      <p className="source-name">
        <strong>
          {maySeeDeliveries(me) ? (
            <Link href={`/more/sources/${source.sourceId}`}>{source.name}</Link>
          ) : (
            source.name
          )}
        </strong>
        <span className="secondary">
          {isPaging ? (isProduction ? "Paging" : "Paging, but not production") : "Only watched"}
        </span>
      </p>
      <p className="secondary num">
        {plainName(source.contract)} · {source.environment} ·{" "}
        {source.lastSeenAt === null ? (
          "nothing heard yet"
        ) : (
          <>
            last heard <TimeAndAge at={source.lastSeenAt} />
          </>
        )}
      </p>
      {mayRunSources(me) && (
        <div>
          <button
            type="button"
            className={isPaging ? "button" : "button primary"}
            onClick={() => setAsking(true)}
          >
            {isPaging ? "Stop paging" : "Start paging"}
          </button>
        </div>
      )}
      <WaitingChanges subjectId={source.sourceId} />
      {isAsking && <PagingSheet source={source} onClose={() => setAsking(false)} />}
    </>
  );
}

interface PagingSheetProps {
  readonly source: SourceView;
  onClose(): void;
}

/** What it means, and why it is asked for. */
function PagingSheet({ source, onClose }: PagingSheetProps): ReactNode {
  const isPaging = source.pagingMode === "PAGING";
  const verb = isPaging ? "Stop paging" : "Start paging";
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const call = isPaging ? api.sources.stopPaging : api.sources.startPaging;
    await call.mutate({
      commandId: crypto.randomUUID(),
      sourceId: source.sourceId,
      reason: asking.reason,
      breakGlass: asking.breakGlass,
    });
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: sourcesQuery().queryKey }),
      approvalsChanged(),
    ]);
  }, onClose);
  const startWords = source.environment === "PROD" ? START_WORDS : NOT_PRODUCTION_WORDS;
  return (
    <Sheet title={`${verb} for ${source.name}?`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (asking.check()) change();
        }}
      >
        <p>{isPaging ? STOP_WORDS : startWords}</p>
        {!isPaging && <HeldBackWords heldBack={source.heldBack} />}
        <AskingFields asking={asking} />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isChanging}>
          {asking.verb === "Save" ? verb : asking.verb}
        </button>
      </form>
    </Sheet>
  );
}

/** What is open and is told as soon as the source pages. */
function HeldBackWords({ heldBack }: Pick<SourceView, "heldBack">): ReactNode {
  const { pages, notices } = heldBack;
  const open = (count: number) =>
    `${count} open ${count === 1 ? "incident" : "incidents"} that nobody has`;
  if (pages + notices === 0) return null;
  return (
    <p>
      {pages > 0 && `${open(pages)}: whoever is on call is paged at once. `}
      {notices > 0 && `${open(notices)}: told to webhooks at once, wakes nobody.`}
    </p>
  );
}

const START_WORDS =
  "From now on a failed, missed or stalled run of this source wakes whoever is on call for its team, by night too.";
const NOT_PRODUCTION_WORDS =
  "This source is not production: incidents are made, but they wake nobody as long as it is not.";
const STOP_WORDS =
  "From now on nobody is woken for a run of this source. Its incidents are still made and shown, with this reason.";
