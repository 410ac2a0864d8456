import type { MeView } from "batchwatch/router";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useRoute } from "wouter";
import type { SignInResult } from "../../auth.ts";
import { MeContext, PagedOnlyContext } from "../../components/me.ts";
import { isPagedOnly } from "../../offline/access.ts";
import { deviceStore } from "../../offline/device-store.ts";
import type { PairedKey } from "../../offline/kept.ts";
import { useNotificationLinks } from "../../push/use-notification-links.ts";
import { IncidentScreen } from "../incident/IncidentScreen.tsx";
import { SignInScreen } from "./SignInScreen.tsx";

interface SignedOutProps {
  readonly linkResult: SignInResult | null;
}

/** Nobody is signed in: the way in; on a paired device, before it, the incident that its owner was paged for. */
export function SignedOut({ linkResult }: SignedOutProps): ReactNode {
  useNotificationLinks();
  const [isIncident, parameters] = useRoute("/incidents/:incidentId");
  const owner = useDeviceOwner();
  if (!isPagedOnly() || !isIncident || owner === null) {
    return <SignInScreen linkResult={linkResult} />;
  }
  const { incidentId } = parameters;
  return (
    <MeContext value={owner}>
      <PagedOnlyContext value>
        <div className="shell">
          <header className="topbar paged-only">
            <p role="status">Signed out. You can still answer what was paged to you.</p>
            <Link className="button" href="/">
              Sign in
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

/** Whose device it is, as signed in when it was paired; null while that is read, or where it is nobody's. */
function useDeviceOwner(): MeView | null {
  const [owner, setOwner] = useState<MeView | null>(null);
  useEffect(() => {
    let isCurrent = true;
    deviceStore.get("device").then(
      (known) => {
        if (isCurrent && known !== undefined) setOwner(ownerOf(known));
      },
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return owner;
}

function ownerOf({ userId, name, role }: PairedKey): MeView {
  return {
    userId,
    name,
    role,
    teamIds: [],
    teams: [],
    version: "",
    sample: false,
    hasSource: true,
    updateIntervalMs: 5_000,
    serverTime: new Date().toISOString(),
  };
}
