import type {
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
  SystemHealth,
  User,
} from "@batchwatch/engine";

/** What the procedures need; wired by the composition root. Every read takes a scope of teams. */
export interface Services {
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
  health(): SystemHealth;
  me(user: User): Promise<MeView>;
}

/** Made once per HTTP request and once per socket. */
export interface Context {
  readonly user: User | null;
  readonly services: Services;
  /** False while the socket's send buffer is above its limit; always true over HTTP. */
  readonly ready: () => boolean;
  /** Counts a subscription of this socket in; null when it has as many as it may. Absent over HTTP. */
  readonly subscribed?: () => (() => void) | null;
}
