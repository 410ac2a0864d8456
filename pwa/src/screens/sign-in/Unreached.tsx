import type { ReactNode } from "react";
import { useRoute } from "wouter";
import { useNotificationLinks } from "../../push/use-notification-links.ts";
import { PagedIncident } from "./PagedIncident.tsx";
import { PagedToYou } from "./PagedToYou.tsx";
import { useDeviceOwner } from "./use-device-owner.ts";

export interface UnreachedProps {
  /** What is known of that, in a sentence. */
  readonly why: string;
  /** What is shown where nothing can be answered. */
  readonly children: ReactNode;
}

/**
 * Nobody has answered who is signed in, and nothing kept here says it. On a paired device its owner answers what they were
 * paged for all the same: it waits here until the server says whose it is.
 */
export function Unreached({ why, children }: UnreachedProps): ReactNode {
  useNotificationLinks();
  const [isIncident, parameters] = useRoute("/incidents/:incidentId");
  const owner = useDeviceOwner();
  if (owner === null) return children;
  if (isIncident) {
    const { incidentId } = parameters;
    return <PagedIncident incidentId={incidentId} owner={owner} why={why} back="Others" />;
  }
  return (
    <main className="signed-out">
      {children}
      <PagedToYou />
    </main>
  );
}
