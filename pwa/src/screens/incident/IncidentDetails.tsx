import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Before } from "./Before.tsx";
import { Changed } from "./Changed.tsx";
import { Members } from "./Members.tsx";
import { NextStep } from "./NextStep.tsx";
import { Timeline } from "./Timeline.tsx";
import { Told } from "./Told.tsx";
import { Waiting } from "./Waiting.tsx";

/** Everything below the first glance, in the order in which it is asked for. */
export function IncidentDetails({ incident }: { readonly incident: IncidentView }): ReactNode {
  const { mergedInto } = incident;
  return (
    <>
      {mergedInto !== null && (
        <p className="after-panel">
          It is part of another incident now.{" "}
          <Link className="button" href={`/incidents/${mergedInto}`}>
            Open that one
          </Link>
        </p>
      )}
      <div className="run-grid incident-grid">
        <div>
          <Told incident={incident} />
          <Waiting incident={incident} />
          <Changed lastGoodRun={incident.lastGoodRun} />
          <NextStep incident={incident} />
        </div>
        <div>
          <Before before={incident.before} />
          <Members incident={incident} />
          <Timeline events={incident.events} />
        </div>
      </div>
    </>
  );
}
