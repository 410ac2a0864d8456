import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { EditableSection } from "../../components/EditableSection.tsx";
import { type Fact, FactList } from "../../components/Facts.tsx";
import { capitalised, formatNumber, plainName } from "../../components/format.ts";
import { mayRunSources, teamName, useMe } from "../../components/me.ts";
import { QueryState } from "../../components/QueryState.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { WaitingChanges } from "../../components/WaitingChanges.tsx";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { sourceQuery, type SourceDetail } from "../../trust-queries.ts";
import { MaskingForm } from "./MaskingForm.tsx";
import { kindsWords, MASK_KIND_WORDS } from "./mask-words.ts";

/** One source: how it is read, what of it was refused, what of it is kept unmasked. */
export function SourceScreen({ sourceId }: { readonly sourceId: string }): ReactNode {
  const query = useQuery({ ...sourceQuery(sourceId), refetchInterval: 30_000 });
  const source = query.data;
  const title = source?.name ?? "Source";
  useEffect(() => {
    document.title = `${title} · Batchwatch`;
  }, [title]);
  return (
    <article className="page more">
      <h1 className="words">{title}</h1>
      <QueryState query={query} loading="the source" what="source" />
      {source !== undefined && <Source source={source} />}
    </article>
  );
}

function Source({ source }: { readonly source: SourceDetail }): ReactNode {
  return (
    <>
      <WaitingChanges subjectId={source.sourceId} />
      <div className="run-grid">
        <div>
          <Rejected rejected={source.rejected} />
          <Masked masked={source.masked} />
        </div>
        <div>
          <section aria-labelledby="how-title">
            <h2 id="how-title" className="section-title">
              How it is read
            </h2>
            <HowFacts source={source} />
          </section>
          <Masking source={source} />
        </div>
      </div>
      <ZoneNote />
    </>
  );
}

function HowFacts({ source }: { readonly source: SourceDetail }): ReactNode {
  const me = useMe();
  const { teamId, businessDateParams, lastSeenAt } = source;
  const facts: readonly Fact[] = [
    ["Speaks", plainName(source.contract)],
    ["Environment", source.environment],
    ["Paging", source.pagingMode === "PAGING" ? "yes" : "only watched"],
    ["Time zone", source.zone],
    ["New day begins", source.newDayTime],
    ["Team", teamId === null ? "as its events say" : teamName(me, teamId)],
    [
      "Business date from",
      businessDateParams.length === 0 ? "the run" : businessDateParams.join(", "),
    ],
  ];
  return (
    <>
      <FactList facts={facts} />
      <p className="secondary after-panel num">
        Added <TimeAndAge at={source.createdAt} />
        {lastSeenAt !== null && (
          <>
            {" "}
            · last heard <TimeAndAge at={lastSeenAt} />
          </>
        )}
      </p>
    </>
  );
}

/** What was sent and not taken: the sender was told the same. */
function Rejected({ rejected }: Pick<SourceDetail, "rejected">): ReactNode {
  return (
    <section aria-labelledby="rejected-title">
      <h2 id="rejected-title" className="section-title">
        Refused lately <span className="num">{rejected.length}</span>
      </h2>
      {rejected.length === 0 ? (
        <p className="empty">Everything that it sent was taken.</p>
      ) : (
        <ul className="panel errors">
          {rejected.map(({ at, code, message, excerpt }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- two may be the same in all their parts
            <li key={`${at} ${index}`}>
              <p className="words">{message}</p>
              {excerpt !== null && <p className="secondary words">{excerpt}</p>}
              <p className="secondary">
                <TimeAndAge at={at} /> · {code}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Evidence that the mask works, and on what. */
function Masked({ masked }: Pick<SourceDetail, "masked">): ReactNode {
  return (
    <section aria-labelledby="masked-title">
      <h2 id="masked-title" className="section-title">
        Hidden at the door, last 30 days with any
      </h2>
      {masked.length === 0 ? (
        <p className="empty">Nothing that it sent looked like a person’s data or a secret.</p>
      ) : (
        <FactList
          facts={byKind(masked).map(({ kind, hidden, kept }): Fact => [
            capitalised(MASK_KIND_WORDS[kind]),
            kept === 0
              ? formatNumber(hidden)
              : `${formatNumber(hidden)} · ${formatNumber(kept)} kept by exception`,
          ])}
        />
      )}
    </section>
  );
}

/** Everything that looks like a person's data or a secret is hidden at the door, but for these. */
function Masking({ source }: { readonly source: SourceDetail }): ReactNode {
  const me = useMe();
  const { maskingExceptions } = source;
  return (
    <EditableSection
      title="Kept unmasked"
      change={mayRunSources(me) ? "Change what is kept unmasked" : null}
      renderForm={(done) => <MaskingForm source={source} onDone={done} />}
    >
      {maskingExceptions.length === 0 ? (
        <p className="empty">
          Nothing: what looks like a card, account, address or secret is hidden before it is stored.
        </p>
      ) : (
        <FactList
          facts={maskingExceptions.map(({ field, kinds }): Fact => [field, kindsWords(kinds)])}
        />
      )}
    </EditableSection>
  );
}

interface MaskedSum {
  readonly kind: SourceDetail["masked"][number]["kind"];
  readonly hidden: number;
  readonly kept: number;
}

/** Its days added up, in the order that the kinds first come in. */
function byKind(masked: SourceDetail["masked"]): readonly MaskedSum[] {
  const sums = new Map<MaskedSum["kind"], MaskedSum>();
  for (const { kind, hidden, kept } of masked) {
    const sum = sums.get(kind);
    sums.set(kind, {
      kind,
      hidden: hidden + (sum?.hidden ?? 0),
      kept: kept + (sum?.kept ?? 0),
    });
  }
  return [...sums.values()];
}
