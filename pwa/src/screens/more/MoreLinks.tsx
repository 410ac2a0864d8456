import { lazy, type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import {
  mayReadApprovals,
  mayReadAudit,
  maySeeDeliveries,
  maySeeUsers,
  useMe,
} from "../../components/me.ts";
import { PartBoundary } from "../../components/PartBoundary.tsx";

const WaitingCount = lazy(async () => ({
  default: (await import("../../components/WaitingCount.tsx")).WaitingCount,
}));

/** The way to the screens that are not under the thumb. */
export function MoreLinks(): ReactNode {
  const me = useMe();
  if (me.role === "display") return null;
  const links = [
    ["/more/you", "You", "sign-ins, password, devices, your data"],
    ...(mayReadApprovals(me)
      ? [["/more/approvals", "Approvals", "changes that need a second person"]]
      : []),
    ["/more/on-call", "On call", "who is paged for which team, in which order"],
    ["/more/sources", "Sources", "where facts come from, and which of them page"],
    ...(maySeeDeliveries(me)
      ? [["/more/deliveries", "Deliveries", "messages, and those that did not arrive"]]
      : []),
    ...(maySeeUsers(me) ? [["/more/users", "Users", "who may sign in, as what"]] : []),
    ...(mayReadAudit(me) ? [["/more/audit", "Audit", "who did what, when"]] : []),
  ];
  return (
    <ul className="list more-links">
      {links.map(([href, title, what]) => (
        <li key={href} className="list-item">
          <Link className="row item-row" href={href ?? "/"} data-row>
            <span className="item-name">
              {title}{" "}
              {href === "/more/approvals" && (
                <PartBoundary isQuiet>
                  <Suspense fallback={null}>
                    <WaitingCount />
                  </Suspense>
                </PartBoundary>
              )}
            </span>
            <span className="item-note secondary">{what}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
