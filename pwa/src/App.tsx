import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, useEffect, useState } from "react";
import { Route, Switch } from "wouter";
import type { SignInResult } from "./auth.ts";
import { LazyPart } from "./components/LazyPart.tsx";
import { MeContext, scopeOf } from "./components/me.ts";
import { ErrorNotice, Loading } from "./components/Notice.tsx";
import { Shell } from "./components/Shell.tsx";
import { useTeam } from "./components/team-choice.ts";
import { useLate } from "./components/use-late.ts";
import { useLiveSession } from "./live/use-live-session.ts";
import { useForgottenScope } from "./live/use-forgotten-scope.ts";
import { useBoardKeeper } from "./offline/use-board-keeper.ts";
import { meQuery, queryClient } from "./queries.ts";
import { IncidentScreen } from "./screens/incident/IncidentScreen.tsx";
import { IncidentsScreen } from "./screens/incidents/IncidentsScreen.tsx";
import { JobsScreen } from "./screens/JobsScreen.tsx";
import { MoreScreen } from "./screens/MoreScreen.tsx";
import { NotFoundScreen } from "./screens/NotFoundScreen.tsx";
import { NowScreen } from "./screens/now/NowScreen.tsx";
import { enter } from "./session.ts";
import { takeCodeFromAddress } from "./sign-in-code.ts";
import { errorCode, isSignedOut, liveTransport } from "./trpc.ts";

/** A phone in a lift may have a network on which nothing arrives: then it is not waited for longer than this, ms. */
const ANSWER_MS = 2_000;

/** Screens that nobody needs in the first second come when they are first opened. */
const SignedOut = lazy(async () => ({
  default: (await import("./screens/sign-in/SignedOut.tsx")).SignedOut,
}));
const Unreached = lazy(async () => ({
  default: (await import("./screens/sign-in/Unreached.tsx")).Unreached,
}));
const JobScreen = lazy(async () => ({
  default: (await import("./screens/job/JobScreen.tsx")).JobScreen,
}));
const RunScreen = lazy(async () => ({
  default: (await import("./screens/run/RunScreen.tsx")).RunScreen,
}));
const SourcesScreen = lazy(async () => ({
  default: (await import("./screens/more/SourcesScreen.tsx")).SourcesScreen,
}));
const SourceScreen = lazy(async () => ({
  default: (await import("./screens/more/SourceScreen.tsx")).SourceScreen,
}));
const OncallScreen = lazy(async () => ({
  default: (await import("./screens/more/OncallScreen.tsx")).OncallScreen,
}));
const DeliveriesScreen = lazy(async () => ({
  default: (await import("./screens/more/DeliveriesScreen.tsx")).DeliveriesScreen,
}));
const YouScreen = lazy(async () => ({
  default: (await import("./screens/you/YouScreen.tsx")).YouScreen,
}));
const ApprovalsScreen = lazy(async () => ({
  default: (await import("./screens/approvals/ApprovalsScreen.tsx")).ApprovalsScreen,
}));
const AuditScreen = lazy(async () => ({
  default: (await import("./screens/audit/AuditScreen.tsx")).AuditScreen,
}));
const UsersScreen = lazy(async () => ({
  default: (await import("./screens/users/UsersScreen.tsx")).UsersScreen,
}));
const ApprovalScreen = lazy(async () => ({
  default: (await import("./screens/approvals/ApprovalScreen.tsx")).ApprovalScreen,
}));

export function App(): ReactNode {
  const [linkResult, setLinkResult] = useState<SignInResult | "trying" | null>(() =>
    location.hash.startsWith("#code=") ? "trying" : null,
  );
  useEffect(() => {
    const follow = async (): Promise<void> => {
      const code = takeCodeFromAddress();
      if (code === null) return;
      setLinkResult("trying");
      const result = await enter({ code });
      queryClient.clear();
      setLinkResult(result);
    };
    const onHashChange = (): void => void follow();
    onHashChange();
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, []);

  if (linkResult === "trying") return <Loading what="your session" />;
  return (
    <QueryClientProvider client={queryClient}>
      <Gate linkResult={linkResult} />
    </QueryClientProvider>
  );
}

/** Signed in: the app. Signed out: how to get in. */
function Gate({ linkResult }: { readonly linkResult: SignInResult | null }): ReactNode {
  const me = useQuery({
    ...meQuery(),
    refetchInterval: (query) => (query.state.error ? 5_000 : 60_000),
  });
  const team = useTeam(me.data);
  const isOut = me.isError && isSignedOut(me.error);
  const known = isOut ? undefined : me.data;
  const scope = known === undefined ? null : scopeOf(known);
  useBoardKeeper(known?.userId ?? null);
  useForgottenScope(scope);
  useLiveSession(scope, team, liveTransport, me.refetch);
  const isLate = useLate(me.isPending, ANSWER_MS);

  if (isOut) {
    return (
      <LazyPart what="the way in">
        <SignedOut linkResult={linkResult} />
      </LazyPart>
    );
  }
  if (me.data === undefined) {
    const notice = me.isError ? (
      <ErrorNotice error={me.error} what="board" onRetry={() => void me.refetch()} />
    ) : (
      <Loading what="the board" />
    );
    const isUnanswered =
      me.fetchStatus === "paused" ||
      (me.failureReason !== null && errorCode(me.failureReason) === "NETWORK");
    if (!isUnanswered && !isLate) return notice;
    return (
      <LazyPart what="the board">
        <Unreached why={isUnanswered ? "No connection." : "The server has not answered yet."}>
          {notice}
        </Unreached>
      </LazyPart>
    );
  }
  return (
    <MeContext value={me.data}>
      <Shell>
        <Switch>
          <Route path="/">
            <NowScreen />
          </Route>
          <Route path="/jobs">
            <JobsScreen />
          </Route>
          <Route path="/jobs/:jobId">
            {({ jobId }) => (
              <LazyPart key={jobId} what="the job">
                <JobScreen jobId={jobId} />
              </LazyPart>
            )}
          </Route>
          <Route path="/incidents">
            <IncidentsScreen />
          </Route>
          <Route path="/incidents/:incidentId">
            {({ incidentId }) => <IncidentScreen key={incidentId} incidentId={incidentId} />}
          </Route>
          <Route path="/runs/:executionId">
            {({ executionId }) => (
              <LazyPart key={executionId} what="the run">
                <RunScreen executionId={executionId} />
              </LazyPart>
            )}
          </Route>
          <Route path="/more">
            <MoreScreen />
          </Route>
          <Route path="/more/on-call">
            <LazyPart key="on-call" what="who is on call">
              <OncallScreen />
            </LazyPart>
          </Route>
          <Route path="/more/sources">
            <LazyPart key="sources" what="the sources">
              <SourcesScreen />
            </LazyPart>
          </Route>
          <Route path="/more/sources/:sourceId">
            {({ sourceId }) => (
              <LazyPart key={sourceId} what="the source">
                <SourceScreen sourceId={sourceId} />
              </LazyPart>
            )}
          </Route>
          <Route path="/more/deliveries">
            <LazyPart key="deliveries" what="the messages">
              <DeliveriesScreen />
            </LazyPart>
          </Route>
          <Route path="/more/you">
            <LazyPart key="you" what="what is yours">
              <YouScreen />
            </LazyPart>
          </Route>
          <Route path="/more/approvals">
            <LazyPart key="approvals" what="the approvals">
              <ApprovalsScreen />
            </LazyPart>
          </Route>
          <Route path="/more/audit">
            <LazyPart key="audit" what="the record">
              <AuditScreen />
            </LazyPart>
          </Route>
          <Route path="/more/users">
            <LazyPart key="users" what="the users">
              <UsersScreen />
            </LazyPart>
          </Route>
          <Route path="/more/approvals/:requestId">
            {({ requestId }) => (
              <LazyPart key={requestId} what="the change">
                <ApprovalScreen requestId={requestId} />
              </LazyPart>
            )}
          </Route>
          <Route>
            <NotFoundScreen />
          </Route>
        </Switch>
      </Shell>
    </MeContext>
  );
}
