import type { MeView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { MeContext, PagedOnlyContext } from "../../components/me.ts";
import { IncidentScreen } from "../incident/IncidentScreen.tsx";

export interface PagedIncidentProps {
  readonly incidentId: string;
  /** Whose device it is. */
  readonly owner: MeView;
  /** Why no more than this is shown. */
  readonly why: string;
  /** What the way back is called. */
  readonly back: string;
}

/** The incident that a paired device's owner was paged for, and nothing else. */
export function PagedIncident({ incidentId, owner, why, back }: PagedIncidentProps): ReactNode {
  return (
    <MeContext value={owner}>
      <PagedOnlyContext value>
        <div className="shell">
          <header className="topbar paged-only">
            <p role="status">{why} You can still answer what was paged to you.</p>
            <Link className="button" href="/">
              {back}
            </Link>
          </header>
          <main id="main" className="main" tabIndex={-1}>
            <IncidentScreen key={incidentId} incidentId={incidentId} />
          </main>
        </div>
      </PagedOnlyContext>
    </MeContext>
  );
}
