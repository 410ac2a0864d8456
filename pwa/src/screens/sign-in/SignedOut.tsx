import type { ReactNode } from "react";
import { useRoute } from "wouter";
import type { SignInResult } from "../../auth.ts";
import { isPagedOnly } from "../../offline/access.ts";
import { useNotificationLinks } from "../../push/use-notification-links.ts";
import { PagedIncident } from "./PagedIncident.tsx";
import { SignInScreen } from "./SignInScreen.tsx";
import { useDeviceOwner } from "./use-device-owner.ts";

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
  return <PagedIncident incidentId={incidentId} owner={owner} why="Signed out." back="Sign in" />;
}
