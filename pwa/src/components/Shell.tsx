import { lazy, type ReactNode, Suspense } from "react";
import { Link, useLocation } from "wouter";
import { useNotificationLinks } from "../push/use-notification-links.ts";
import { AfterPaint } from "./AfterPaint.tsx";
import { AlertAnnouncer } from "./AlertAnnouncer.tsx";
import { BoardOf } from "./BoardOf.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { HelpDialog } from "./HelpDialog.tsx";
import { initialsOf, useMe } from "./me.ts";
import { NavIcon, type NavIconName } from "./NavIcon.tsx";
import { NeedBadge } from "./NeedBadge.tsx";
import { PartBoundary } from "./PartBoundary.tsx";
import { TeamSelect } from "./TeamSelect.tsx";
import { UndoBar } from "./UndoBar.tsx";

const TrustBanner = lazy(async () => ({
  default: (await import("./TrustBanner.tsx")).TrustBanner,
}));
const WaitingCount = lazy(async () => ({
  default: (await import("./WaitingCount.tsx")).WaitingCount,
}));
const AppNotices = lazy(async () => ({ default: (await import("./AppNotices.tsx")).AppNotices }));

const TABS: readonly { path: string; label: string; icon: NavIconName }[] = [
  { path: "/", label: "Now", icon: "now" },
  { path: "/incidents", label: "Incidents", icon: "incidents" },
  { path: "/jobs", label: "Jobs", icon: "jobs" },
  { path: "/more", label: "More", icon: "more" },
];

/** The frame of every signed-in screen: age of the data on top, tabs under the thumb. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const me = useMe();
  useNotificationLinks();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="topbar">
        <ConnectionBar />
        {me.sample && <span className="sample">Sample data</span>}
        <span className="grow" />
        <TeamSelect />
        <Link className="avatar" href="/more" aria-label={`Signed in as ${me.name}`}>
          {initialsOf(me.name)}
        </Link>
      </header>
      <Late>
        <TrustBanner />
      </Late>
      <BoardOf />
      <main id="main" className="main" tabIndex={-1}>
        <PartBoundary of={location}>{children}</PartBoundary>
      </main>
      <Late>
        <AppNotices />
      </Late>
      <nav className="tabs" aria-label="Screens">
        {TABS.map((tab) => (
          <Link
            key={tab.path}
            href={tab.path}
            className="tab"
            aria-current={isWithin(tab.path, location) ? "page" : undefined}
          >
            <NavIcon name={tab.icon} />
            {tab.label}
            {tab.path === "/more" && (
              <Late>
                <WaitingCount />
              </Late>
            )}
          </Link>
        ))}
      </nav>
      <UndoBar />
      <AlertAnnouncer />
      <NeedBadge />
      <HelpDialog />
    </div>
  );
}

/** What nobody waits for, and nobody misses where it does not come. */
function Late({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <AfterPaint>
      <PartBoundary isQuiet>
        <Suspense fallback={null}>{children}</Suspense>
      </PartBoundary>
    </AfterPaint>
  );
}

function isWithin(path: string, location: string): boolean {
  return path === "/"
    ? location === "/" || location.startsWith("/runs/")
    : location.startsWith(path);
}
