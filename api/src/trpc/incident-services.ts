import type {
  ChangeOutcomeView,
  CommandAnswer,
  CommandView,
  DeliveryState,
  DeliveryView,
  HeldBack,
  IncidentAction,
  IncidentCommand,
  IncidentListFilter,
  IncidentListItem,
  IncidentView,
  MaskedDay,
  MaskKind,
  OncallView,
  Page,
  PagingMode,
  PushDeviceView,
  Scope,
  User,
  WhyNotPagedView,
} from "@batchwatch/engine";
import type { Asking } from "./trust-services.ts";

export interface NewSubscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly label: string;
  readonly isPrivate: boolean;
  /** Version of the words that its owner agreed to. */
  readonly consentWords: string;
  /** As its browser says; whether this Node knows it is looked at when it is kept. */
  readonly zone?: string | undefined;
}

export interface SourceView {
  readonly sourceId: string;
  readonly name: string;
  readonly contract: string;
  readonly environment: string;
  readonly pagingMode: PagingMode;
  readonly lastSeenAt: string | null;
  /** Open incidents that nobody has and nobody was told of, because it is only watched: "start paging" tells of them at once. */
  readonly heldBack: HeldBack;
}

/** Incidents, who is told of them, and how it reached them. Null: not there, or outside the scope. */
export interface IncidentServices {
  list(
    scope: Scope,
    filter: IncidentListFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<IncidentListItem>>;
  get(scope: Scope, user: User, incidentId: string): Promise<IncidentView | null>;
  command(
    scope: Scope,
    user: User,
    commandId: string,
    incidentId: string,
    action: IncidentAction,
    via?: IncidentCommand["via"],
  ): Promise<CommandView | null>;
  /** The same, with times as the engine has them. */
  answer(
    scope: Scope,
    user: User,
    commandId: string,
    incidentId: string,
    action: IncidentAction,
    via?: IncidentCommand["via"],
  ): Promise<CommandAnswer | null>;
  /** Whether this person was paged for this incident, whatever became of it. */
  wasPagedFor(user: User, incidentId: string): Promise<boolean>;
  whyNotPaged(scope: Scope, user: User, incidentId: string): Promise<WhyNotPagedView | null>;
}

export interface DeliveryServices {
  list(
    states: readonly DeliveryState[] | undefined,
    limit: number,
    cursor: string | null,
  ): Promise<Page<DeliveryView>>;
  /** False when it is not dead. */
  replay(user: User, notificationId: string): Promise<boolean>;
}

export interface PushServices {
  /** Null: nothing can be sent by push. */
  publicKey(): string | null;
  devices(user: User): readonly PushDeviceView[];
  /** Fails with `endpoint_refused` when it is no push service that may be called. */
  /** It ends with the session that it was asked for in; null: by a program. */
  subscribe(
    user: User,
    subscription: NewSubscription,
    sessionId: string | null,
  ): Promise<PushDeviceView>;
  unsubscribe(user: User, endpoint: string): Promise<boolean>;
  /** One of the user's own, from whichever device; false: there is none of this id. */
  remove(user: User, subscriptionId: string): Promise<boolean>;
  /** Sends a test to one of the user's own devices. */
  test(user: User, subscriptionId: string): Promise<{ notificationId: string } | null>;
  receipt(user: User, notificationId: string, kind: "shown" | "seen"): Promise<boolean>;
}

export interface OncallServices {
  now(scope: Scope): Promise<readonly OncallView[]>;
  setList(user: User, teamId: string, userIds: readonly string[]): Promise<readonly OncallView[]>;
}

/** A source with what was refused of it lately, and what of it is kept unmasked. */
export interface SourceDetailView extends SourceView {
  readonly zone: string;
  readonly newDayTime: string;
  readonly businessDateParams: readonly string[];
  readonly teamId: string | null;
  readonly recoveryRecipe: string | null;
  readonly createdAt: string;
  /** Newest first. `excerpt` null: the reader sees no words of jobs. */
  readonly rejected: readonly {
    readonly at: string;
    readonly contract: string;
    readonly code: string;
    readonly message: string;
    readonly excerpt: string | null;
  }[];
  /** What was hidden at the door on its newest days (UTC), and what an exception kept; newest first. Counts only. */
  readonly masked: readonly Omit<MaskedDay, "sourceId">[];
  readonly maskingExceptions: readonly {
    readonly field: string;
    readonly kinds: readonly MaskKind[];
  }[];
}

export interface SourceServices {
  list(scope: Scope): readonly SourceView[];
  /** Null: there is none, or it is another team's. */
  get(scope: Scope, sourceId: string): Promise<SourceDetailView | null>;
  /** The source as it is, and what became of the change. Fails as ApprovalServices.propose does. */
  setPaging(
    user: User,
    sourceId: string,
    mode: PagingMode,
    asking: Asking,
  ): Promise<(SourceView & ChangeOutcomeView) | null>;
}
