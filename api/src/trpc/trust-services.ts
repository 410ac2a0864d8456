import type {
  ApprovalStateView,
  AuditFilter,
  AuditVerdictView,
  AuditView,
  ChangeRequestView,
  ChangeState,
  EvidenceView,
  Page,
  PairedDevice,
  ProposedChange,
  ProposedView,
  RetentionView,
  Scope,
  SessionView,
  User,
  UserView,
} from "@batchwatch/engine";
import type { TrailServices } from "./trail-services.ts";

/** How a person asks for a change that needs a second one. */
export interface Asking {
  readonly commandId: string;
  readonly reason: string;
  /** At once, for at most LIMITS.breakGlassMs unless somebody else approves it; loud. Only for administrators and operations managers. */
  readonly breakGlass: boolean;
  /** What was asked, where the change holds what was filled in for it; never from a caller. */
  readonly asked?: string | undefined;
}

export interface AuditServices {
  list(
    scope: Scope,
    user: User,
    filter: AuditFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<AuditView>>;
  verify(user: User): Promise<AuditVerdictView>;
  evidence(scope: Scope, user: User, filter: AuditFilter): Promise<EvidenceView>;
}

export interface ApprovalServices {
  /** Fails with the codes of change-errors.ts. */
  propose(user: User, change: ProposedChange, asking: Asking): Promise<ProposedView>;
  list(
    user: User,
    states: readonly ChangeState[] | undefined,
    limit: number,
    cursor: string | null,
  ): Promise<Page<ChangeRequestView>>;
  get(user: User, requestId: string): Promise<ChangeRequestView | null>;
  approve(
    user: User,
    requestId: string,
    hash: string,
    note: string | null,
    commandId: string,
  ): Promise<ChangeRequestView>;
  reject(
    user: User,
    requestId: string,
    note: string,
    commandId: string,
  ): Promise<ChangeRequestView>;
  withdraw(user: User, requestId: string, commandId: string): Promise<ChangeRequestView>;
  /** Asks for the change that takes an applied one back. */
  revert(user: User, requestId: string, asking: Asking): Promise<ProposedView>;
  /** The new source's key or the new user's sign-in link, once, for who asked. */
  collect(user: User, requestId: string): Promise<{ readonly secret: string }>;
  state(): Promise<ApprovalStateView>;
}

/** What the session or device is that a call came with; null over a bearer token of a machine. */
export interface CallerSession {
  readonly sessionId: string;
}

export interface MeServices {
  sessions(user: User, session: CallerSession | null): Promise<readonly SessionView[]>;
  endSession(user: User, sessionId: string): Promise<boolean>;
  /** Every session of this person, this one included. Returns how many. */
  signOutEverywhere(user: User): Promise<number>;
  /**
   * Fails with `weak_password`, with `wrong_password` when there is one and `current` is not it, with `no_session` for a program's token, and with
   * `sign_in_again` when there is none and the sign-in is a while ago. Ends the other sessions.
   */
  setPassword(
    user: User,
    session: CallerSession | null,
    password: string,
    current: string | null,
  ): Promise<void>;
  hasPassword(user: User): Promise<boolean>;
  devices(user: User): Promise<readonly Omit<PairedDevice, "publicKey">[]>;
  /** `publicKey`: JWK of an ECDSA P-256 key, JSON. */
  pairDevice(
    user: User,
    session: CallerSession | null,
    device: { readonly publicKey: string; readonly label: string },
  ): Promise<{ readonly deviceId: string; readonly goodUntil: string }>;
  unpairDevice(user: User, deviceId: string): Promise<boolean>;
  export(user: User): Promise<{ readonly fileName: string; readonly text: string }>;
  /** `name` must be the person's own, typed. Fails with `wrong_name`, `last_administrator`. */
  erase(user: User, name: string, commandId: string): Promise<void>;
}

export interface UserServices {
  list(limit: number, cursor: string | null, text: string | undefined): Promise<Page<UserView>>;
}

export interface RetentionServices {
  list(): Promise<readonly RetentionView[]>;
}

export interface TrustServices {
  readonly trail: TrailServices;
  readonly audit: AuditServices;
  readonly approvals: ApprovalServices;
  readonly meServices: MeServices;
  readonly users: UserServices;
  readonly retention: RetentionServices;
}
