import type {
  AlertingWorld,
  Pageable,
  Policy,
  PushSubscriptionRow,
  Source,
  Stores,
  User,
  Webhook,
} from "@batchwatch/engine";
import { canAnswerFor } from "../auth/policy.ts";
import { Refresher } from "../refresher.ts";

/** What it reads of users and sources; the directory of sign-ins is one. */
export interface KnownPeople {
  users(): readonly User[];
  sourceById(sourceId: string): Source | null;
}

export interface ReceiverDirectoryOptions {
  readonly receivers: Pick<Stores["receivers"], "subscriptions" | "webhooks" | "oncall">;
  readonly people: KnownPeople;
  /** When a source was heard of again after a silence, epoch ms. */
  readonly returnedAt: (sourceId: string) => number | null;
  readonly alertsOn: boolean;
  /** Push is among the channels; without it nobody has a device that can be woken. */
  readonly pushOn: boolean;
  /** IANA zone of devices that have not said theirs. */
  readonly zone: string;
}

/**
 * Who can be told, and how: devices, webhooks and on-call lists in memory. Only a cache: `refresh` rebuilds it from the store.
 * A team without a list has its on-call people, then its leads, then operations; they also follow a list of which nobody has a device that works.
 */
export class ReceiverDirectory implements AlertingWorld {
  readonly #options: ReceiverDirectoryOptions;
  #subscriptions: readonly PushSubscriptionRow[] = [];
  #byId: ReadonlyMap<string, PushSubscriptionRow> = new Map();
  #devices: ReadonlyMap<string, readonly string[]> = new Map();
  #webhooks: readonly Webhook[] = [];
  #lists: ReadonlyMap<string, readonly string[]> = new Map();
  readonly #policies = new Map<string, Policy>();
  readonly #refresher = new Refresher(() => this.#reload());

  constructor(options: ReceiverDirectoryOptions) {
    this.#options = options;
  }

  get alertsOn(): boolean {
    return this.#options.alertsOn;
  }

  /** Reads everything again; a call while one is under way waits for it and reads once more. */
  refresh(): Promise<void> {
    return this.#refresher.refresh();
  }

  policyOf(teamId: string): Policy {
    let policy = this.#policies.get(teamId);
    if (policy === undefined) {
      policy = { people: this.#wakeable(teamId), webhooks: this.#webhooksOf(teamId) };
      this.#policies.set(teamId, policy);
    }
    return policy;
  }

  get platformPolicy(): Policy {
    const users = this.#options.people.users();
    const of = (role: User["role"]) => users.filter((user) => user.role === role);
    return {
      people: [...of("administrator"), ...of("operations-manager")].map((one) =>
        this.#pageable(one),
      ),
      webhooks: this.#webhooksOf(null),
    };
  }

  get hasDevices(): boolean {
    return this.#devices.size > 0;
  }

  get hasWebhooks(): boolean {
    return this.#webhooks.length > 0;
  }

  returnedAt(sourceId: string): number | null {
    return this.#options.returnedAt(sourceId);
  }

  sourceOf(sourceId: string): Source | null {
    return this.#options.people.sourceById(sourceId);
  }

  /** Whether the list that somebody set for this team holds anybody; else it follows from roles. */
  hasList(teamId: string): boolean {
    return this.#listed(teamId).length > 0;
  }

  pageableOf(userId: string): Pageable | null {
    const user = this.#options.people.users().find((one) => one.userId === userId);
    return user === undefined ? null : this.#pageable(user);
  }

  /** Who is paged for a team, in order: of its list those who may still answer for it. */
  peopleOf(teamId: string): readonly Pageable[] {
    const listed = this.#listed(teamId);
    const people = listed.length > 0 ? listed : byRole(this.#options.people.users(), teamId);
    return people.map((user) => this.#pageable(user));
  }

  /** Of this person, devices that were not refused the last time. */
  workingDevices(userId: string): number {
    const working = this.devicesOf(userId).filter(({ trouble }) => trouble === null);
    return this.#options.pushOn ? working.length : 0;
  }

  devicesOf(userId: string): readonly PushSubscriptionRow[] {
    return this.#subscriptions.filter((one) => one.userId === userId);
  }

  subscription(subscriptionId: string): PushSubscriptionRow | null {
    return this.#byId.get(subscriptionId) ?? null;
  }

  zoneOf(subscriptionId: string): string {
    return this.subscription(subscriptionId)?.zone ?? this.#options.zone;
  }

  webhook(webhookId: string): Webhook | null {
    return this.#webhooks.find((one) => one.webhookId === webhookId) ?? null;
  }

  #wakeable(teamId: string): readonly Pageable[] {
    const people = this.peopleOf(teamId);
    if (people.some(({ person }) => this.workingDevices(person.userId) > 0)) return people;
    const known = new Set(people.map(({ person }) => person.userId));
    const others = byRole(this.#options.people.users(), teamId);
    const left = others.filter(({ userId }) => !known.has(userId));
    return [...people, ...left.map((user) => this.#pageable(user))];
  }

  #listed(teamId: string): readonly User[] {
    const users = this.#options.people.users();
    return (this.#lists.get(teamId) ?? [])
      .flatMap((userId) => users.find((user) => user.userId === userId) ?? [])
      .filter((user) => canAnswerFor(user, teamId));
  }

  #pageable({ userId, name }: User): Pageable {
    return { person: { userId, name }, devices: this.#devices.get(userId) ?? [] };
  }

  #webhooksOf(teamId: string | null): Policy["webhooks"] {
    return this.#webhooks
      .filter((one) => one.teamId === null || one.teamId === teamId)
      .map(({ webhookId, name }) => ({ webhookId, name }));
  }

  async #reload(): Promise<void> {
    const { receivers, pushOn } = this.#options;
    const [subscriptions, webhooks, lists] = await Promise.all([
      receivers.subscriptions(),
      receivers.webhooks(),
      receivers.oncall(),
    ]);
    this.#subscriptions = subscriptions;
    this.#byId = new Map(subscriptions.map((one) => [one.subscriptionId, one]));
    const devices = new Map<string, string[]>();
    for (const { userId, subscriptionId } of pushOn ? subscriptions : []) {
      devices.set(userId, [...(devices.get(userId) ?? []), subscriptionId]);
    }
    this.#devices = devices;
    this.#webhooks = webhooks;
    this.#lists = new Map(lists.map(({ teamId, userIds }) => [teamId, userIds]));
    this.#policies.clear();
  }
}

function byRole(users: readonly User[], teamId: string): readonly User[] {
  const own = (role: User["role"]) =>
    users.filter((user) => user.role === role && user.teamIds.includes(teamId));
  const operations = users.filter((user) => user.role === "operations-manager");
  return [...own("on-call"), ...own("team-lead"), ...operations];
}
