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
            <table className="panel differences num">
              <thead>
                <tr>
                  <th scope="col">
                    <span className="visually-hidden">What</span>
                  </th>
                  <th scope="col">Then</th>
                  <th scope="col">Now</th>
                </tr>
              </thead>
              <tbody>
                {lastGoodRun.differences.map((each) => {
                  const words = differenceWords(each, now);
                  return (
                    <tr key={`${each.field} ${each.name ?? ""}`}>
                      <th scope="row">{words.what}</th>
                      <td>{words.before}</td>
                      <td>{words.now}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
