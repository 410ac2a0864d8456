import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ClockTime } from "../../components/times.tsx";
import { useNow } from "../../live/tick-clock.ts";
import { differenceWords } from "./difference-words.ts";

const STEP_MS = 60_000;

/** Only what differs from the last good run. */
export function Changed({
  lastGoodRun,
}: {
  readonly lastGoodRun: IncidentView["lastGoodRun"];
}): ReactNode {
  const now = useNow(STEP_MS);
  return (
    <section aria-labelledby="changed-title">
      <h2 id="changed-title" className="section-title">
        What changed
      </h2>
      {lastGoodRun === null ? (
        <p className="empty">No good run of this job is kept to compare with.</p>
      ) : (
        <>
          <p className="empty">
            Against the{" "}
            <Link href={`/runs/${lastGoodRun.executionId}`}>
              last good run
              {lastGoodRun.endedAt !== null && (
                <>
                  , <ClockTime at={lastGoodRun.endedAt} />
                </>
              )}
            </Link>
            {lastGoodRun.differences.length === 0 && ": nothing that is known differs."}
          </p>
          {lastGoodRun.differences.length > 0 && (
            <ul className="panel differences num">
              {lastGoodRun.differences.map((each) => {
                const words = differenceWords(each, now);
                return (
                  <li key={`${each.field} ${each.name ?? ""}`}>
                    <p className="secondary">{words.what}</p>
                    <p>
                      <span className="visually-hidden">then </span>
                      {words.before} <span aria-hidden="true">→ </span>
                      <span className="visually-hidden">now </span>
                      <strong>{words.now}</strong>
                    </p>
                  </li>
                );
              })}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
