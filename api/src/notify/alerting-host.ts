import {
  type Alert,
  type AlertLevel,
  type BoardChange,
  type CommandAnswer,
  Desk,
  type HeldBack,
  type Incident,
  type IncidentCommand,
  type IncidentRow,
  incidentRow,
  type Notification,
  type Notifier,
  type OutboxCounts,
  Sender,
  type SendOutcome,
  type Scope,
  type Stores,
  type UpstreamJobs,
  type User,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { within } from "../within.ts";
import type { CrashPoints } from "./crash-points.ts";
import { CANARY_TARGET, type Canary } from "./canary.ts";
import type { ReceiverDirectory } from "./receiver-directory.ts";
import { whyNotTold } from "./may-be-told.ts";
import { Reach } from "./reach.ts";
import { canaryWorld } from "./canary-world.ts";

/** What the log says: these words and no others. */
export type AlertingTrouble =
  | "the outbox could not be read or marked"
  | "an incident could not be stored; it is tried again"
  | "a source's silence could not be stored"
  | "open incidents could not be read; they are read again"
  | "a subscription that is gone could not be removed"
  | "who can be woken could not be read again"
  | "alerting is behind";

export interface AlertingHostOptions {
  readonly stores: Stores;
  readonly receivers: ReceiverDirectory;
  readonly people: { userById(userId: string): User | null };
  readonly notifier: Notifier;
  /** The host that a notification goes to: a slow one holds up nobody else. */
  readonly hostOf: (notification: Notification) => string;
  readonly canary: Canary;
  /** Stable for this process, different from every other's: leases are in its name. */
  readonly owner: string;
  /** Where a test ends the process; null outside of tests. */
  readonly crash: CrashPoints | null;
  readonly onRows: (rows: readonly BoardChange[]) => void;
  /** Alerts that changed, as they stand now. */
  readonly onAlerts: (alerts: readonly Alert[]) => void;
  readonly onError: (error: unknown, what: AlertingTrouble) => void;
  readonly now: () => number;
}

/** The incident desk and the sender with the timers that drive them. */
export class AlertingHost {
  readonly #options: AlertingHostOptions;
  readonly #desk: Desk;
  readonly #sender: Sender;
  readonly #world: ReturnType<typeof canaryWorld>;
  readonly #reach = new Reach();
  readonly #timers: NodeJS.Timeout[] = [];
  #counts: OutboxCounts = { pending: 0, dead: 0, unreached: 0, oldestPendingAt: null };
  #loaded = false;
  #ticking = false;

  constructor(options: AlertingHostOptions) {
    this.#options = options;
    const { stores, receivers, notifier, canary, owner, onRows, onError, now } = options;
    this.#world = canaryWorld(receivers);
    const clock = { now };
    this.#sender = new Sender({
      outbox: stores.outbox,
      notifier: {
        send: async (notification) => {
          if (notification.targetId === CANARY_TARGET) {
            canary.arrived(notification);
            return { type: "sent" };
          }
          const why = await this.#whyNot(notification);
          if (why !== null) return { type: "refused", error: why };
          const outcome = await notifier.send(notification);
          this.#reach.note(notification, outcome.type, now());
          return outcome;
        },
      },
      clock,
      owner,
      random: Math.random,
      hostOf: options.hostOf,
      ...(options.crash === null ? {} : { hooks: options.crash.hooks }),
      onOutcome: (notification, outcome) => void this.#outcome(notification, outcome),
      onDead: (incidentIds) => void this.#undelivered(incidentIds),
      onError: (error) => onError(error, "the outbox could not be read or marked"),
    });
    this.#desk = new Desk({
      stores: options.crash === null ? stores : { ...stores, incidents: options.crash.incidents },
      world: this.#world,
      clock,
      owner,
      onRows,
      // The sockets of what is sent are written to before: the board may be a turn later.
      later: (work) => void setImmediate(work),
      onCancelled: (cancelled) => this.#sender.cancel(cancelled),
      onNotifications: (notifications) => this.#sender.send(notifications),
      onError: (error) => onError(error, "an incident could not be stored; it is tried again"),
    });
  }

  /** Reads open incidents and what nobody has taken in, then keeps time. What the store cannot give now is asked for again. */
  async start(): Promise<void> {
    await this.#load();
    this.#every(API_LIMITS.deskTickMs, () => this.#tick());
    this.#every(API_LIMITS.deskReconcileMs, () => this.#desk.reconcile());
    this.#every(API_LIMITS.healthProbeMs, async () => {
      this.#counts = await this.#options.stores.outbox.counts();
    });
  }

  /** Nothing new is begun; what is under way ends or is sent by the next process. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await within(this.#sender.idle(), API_LIMITS.stopNotesMs);
  }

  take(alerts: readonly Alert[], upstream: readonly UpstreamJobs[] = []): void {
    this.#options.onAlerts(alerts);
    this.#desk.take(alerts, upstream);
  }

  /** Levels of things that are not jobs. */
  async report(level: AlertLevel): Promise<void> {
    try {
      this.take(await this.#options.stores.alerts.report([level]));
    } catch (error) {
      this.#options.onError(error, "a source's silence could not be stored");
    }
  }

  command(command: IncidentCommand): Promise<CommandAnswer | null> {
    return this.#desk.command(command);
  }

  rowOf(incident: Incident): IncidentRow {
    return incidentRow(incident, this.#world);
  }

  /** How many open incidents of the scope need this person. */
  needing(userId: string, scope: Scope): number {
    return this.#desk.needing(userId, scope);
  }

  heldBack(sourceId: string): HeldBack {
    return this.#desk.heldBack(sourceId);
  }

  /** Promised in the outbox with our lease: it goes now. */
  send(notification: Notification): void {
    this.#sender.send([notification]);
  }

  /** Since when no page has reached anybody, epoch ms; null: they do, or none was sent lately. */
  get unreachedSince(): number | null {
    return this.#reach.unreachedSince(this.#options.now());
  }

  get counts(): OutboxCounts & { readonly openIncidents: number } {
    return { ...this.#counts, openIncidents: this.#desk.size };
  }

  /** Teams and devices may have changed since it was promised. An open incident is in memory; another is read. */
  async #whyNot(notification: Notification): Promise<string | null> {
    const { stores, people, receivers } = this.#options;
    const { incidentId } = notification;
    const incident =
      incidentId === null
        ? null
        : (this.#desk.incident(incidentId) ?? (await stores.incidents.get(incidentId)));
    return whyNotTold(notification, incident, {
      userById: (userId) => people.userById(userId),
      subscription: (id) => receivers.subscription(id),
      webhook: (id) => receivers.webhook(id),
    });
  }

  async #tick(): Promise<void> {
    if (this.#ticking) return;
    this.#ticking = true;
    try {
      if (!this.#loaded) await this.#load();
      await this.#desk.tick();
      await this.#sender.tick();
    } finally {
      this.#ticking = false;
    }
  }

  async #load(): Promise<void> {
    try {
      await this.#desk.load();
      await this.#desk.reconcile();
      // One process at a time lives on a store, and now it is this one: what the last one promised goes at once.
      await this.#options.stores.outbox.takeOver(this.#options.owner);
      this.#loaded = true;
    } catch (error) {
      this.#options.onError(error, "open incidents could not be read; they are read again");
    }
  }

  /** A device that is gone is forgotten. */
  async #outcome({ channel, targetId }: Notification, outcome: SendOutcome): Promise<void> {
    if (channel !== "webpush" || outcome.type !== "gone") return;
    try {
      await this.#options.stores.receivers.remove(targetId, this.#options.now());
      await this.#options.receivers.refresh();
    } catch (error) {
      this.#options.onError(error, "a subscription that is gone could not be removed");
    }
  }

  /** Which devices are in trouble has changed: others may be the ones who can be woken now. */
  async #undelivered(incidentIds: readonly string[]): Promise<void> {
    await this.#options.receivers.refresh().catch((error: unknown) => {
      this.#options.onError(error, "who can be woken could not be read again");
    });
    this.#desk.undelivered(incidentIds);
  }

  #every(ms: number, work: () => Promise<unknown>): void {
    const run = () => {
      work().catch((error: unknown) => this.#options.onError(error, "alerting is behind"));
    };
    this.#timers.push(setInterval(run, ms));
  }
}
