import type {
  Calendar,
  ChangedJobView,
  ChangeOutcomeView,
  Dashboard,
  JobListItem,
  JobView,
  LiveItem,
  MeView,
  Page,
  RunListItem,
  RunState,
  RunView,
  Scope,
  SettingsChange,
  SystemHealth,
  User,
} from "@batchwatch/engine";

import type { Asking, CallerSession, TrustServices } from "./trust-services.ts";
import type { VitalsServices } from "./vitals.ts";
import type {
  DeliveryServices,
  IncidentServices,
  OncallServices,
  PushServices,
  SourceServices,
} from "./incident-services.ts";

/** What the procedures need; wired by the composition root. Every read takes a scope of teams. */
export interface Services extends TrustServices {
  dashboard(scope: Scope): Dashboard;
  /** Ends when `signal` aborts. `ready` tells whether the transport can take more right now. */
  changes(
    scope: Scope,
    lastEventId: string | null,
    signal: AbortSignal,
    ready: () => boolean,
  ): AsyncGenerator<{ id: string; item: LiveItem }>;
  jobs: {
    list(
      scope: Scope,
      filter: { text?: string | undefined; teamId?: string | undefined },
      limit: number,
      cursor: string | null,
    ): Promise<Page<JobListItem>>;
    get(scope: Scope, jobId: string): Promise<JobView | null>;
  };
  runs: {
    list(
      scope: Scope,
      filter: { jobId?: string | undefined; states?: readonly RunState[] | undefined },
      limit: number,
      cursor: string | null,
    ): Promise<Page<RunListItem>>;
    get(scope: Scope, executionId: string): Promise<RunView | null>;
  };
  calendars: {
    list(): Promise<readonly Calendar[]>;
    get(calendarId: string): Promise<Calendar | null>;
  };
  changing: ChangeServices;
  incidents: IncidentServices;
  deliveries: DeliveryServices;
  push: PushServices;
  oncall: OncallServices;
  sources: SourceServices;
  vitals: VitalsServices;
  health(scope: Scope): SystemHealth;
  me(user: User): Promise<MeView>;
}

/** A job to change, and the command that does it: a repeat of it changes nothing and is answered the same. */
export interface ChangeTarget extends Asking {
  readonly jobId: string;
}

/** A job after a change, or as it is while the change waits, and what became of the change. */
export type JobAnswer = (ChangedJobView & ChangeOutcomeView) | null;

/** What people change. Null: the job is not there, or outside the scope. Refused with the codes of change-errors.ts. */
export interface ChangeServices {
  jobs: {
    configure(
      user: User,
      scope: Scope,
      target: ChangeTarget,
      change: SettingsChange,
    ): Promise<JobAnswer>;
    /** Without a namespace, the job's own. */
    rename(
      user: User,
      scope: Scope,
      target: ChangeTarget,
      to: { name: string; namespace?: string | undefined },
    ): Promise<JobAnswer>;
    /** From this instant (epoch ms); undefined: now; null: not any more. */
    retire(
      user: User,
      scope: Scope,
      target: ChangeTarget,
      from: number | null | undefined,
    ): Promise<JobAnswer>;
    /** Null: facts decide the owner again. */
    assign(
      user: User,
      scope: Scope,
      target: ChangeTarget,
      teamId: string | null,
    ): Promise<JobAnswer>;
  };
  /** Answers the calendar as it was asked for. */
  putCalendar(
    user: User,
    asking: Asking,
    calendar: Calendar,
  ): Promise<Calendar & ChangeOutcomeView>;
}

/** Made once per HTTP request and once per socket. */
export interface Context {
  readonly user: User | null;
  /** The browser session it came with; absent or null: a machine's bearer token, or a paired device. */
  readonly session?: CallerSession | null;
  /** A paired device that is signed out: only the answers to what was paged to its owner. */
  readonly pagedOnly?: boolean;
  /** False once its token, session or device counts no more: a stream then ends before its next item. Absent: it is not known. */
  readonly stillGood?: () => boolean;
  readonly services: Services;
  /** False while the socket's send buffer is above its limit; always true over HTTP. */
  readonly ready: () => boolean;
  /** Counts a call in as long as it is under way. Absent: nothing is counted. */
  readonly begun?: (path: string) => BegunCall;
  /** Counts a subscription of this socket in; null when it has as many as it may. Absent over HTTP. */
  readonly subscribed?: () => (() => void) | null;
}

/** A call that may go on, or, in a sentence, why it is one too many. */
export type BegunCall = { readonly over: () => void } | { readonly refused: string };
