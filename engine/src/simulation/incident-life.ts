import { Desk } from "../desk/desk.ts";
import { MemoryIncidentStores } from "../desk/memory-incident-stores.ts";
import { MemoryOutbox } from "../desk/memory-outbox.ts";
import { Sender } from "../desk/sender.ts";
import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, IncidentCommand } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertStore, IncidentStore, OutboxStore } from "../ports/incident-stores.ts";
import type { SendOutcome } from "../ports/notifier.ts";
import { incidentTablesOf, type MemoryTables } from "./memory-tables.ts";
import type { Life, World } from "./world.ts";

/** The process looks for what is due this often; what changed goes at once. */
const TICK_MS = 5_000;
const RECONCILE_MS = 60_000;
const LOAD_AGAIN_MS = 1_000;

interface IncidentStores {
  readonly alerts: AlertStore;
  readonly incidents: IncidentStore;
  readonly outbox: OutboxStore;
}

/** The incident side of a process: the real desk and the real sender, on a store and a network that are not to be relied on. */
export class IncidentLife {
  readonly #world: World;
  readonly #process: Life;
  /** The store that it was begun on; an older copy may be in its place since. */
  readonly #tables: MemoryTables;
  readonly #desk: Desk;
  readonly #sender: Sender;
  readonly #takeOver: () => Promise<void>;
  /** Messages whose receiver has answered, in this life. */
  readonly #answered = new Set<string>();
  #loaded = false;
  #ticking = false;
  /** The store did not take something: it is tried again with the next tick. */
  #behind = false;

  constructor(world: World, process: Life, owner: string) {
    this.#world = world;
    this.#process = process;
    const { tables } = world.store;
    this.#tables = tables;
    const outbox = (world.parts.makeOutbox ?? ((rows) => new MemoryOutbox(rows)))(tables.outbox);
    const memory = new MemoryIncidentStores(incidentTablesOf(tables), outbox);
    const stores: IncidentStores = {
      alerts: this.#remote("alerts", memory.alerts),
      incidents: this.#remote("incidents", memory.incidents),
      outbox: this.#remote("outbox", memory.outbox),
    };
    const clock = { now: () => world.wall() };
    this.#takeOver = () => stores.outbox.takeOver(owner);
    this.#sender = new Sender({
      outbox: stores.outbox,
      notifier: { send: (notification) => this.#send(notification) },
      clock,
      owner,
      random: () => world.delays.whole(0, 999_999) / 1_000_000,
      onOutcome: () => {},
      onDead: (incidentIds) => this.#stir(() => this.#desk.undelivered(incidentIds)),
      onError: (error) => this.#failed(error),
    });
    this.#desk = new Desk({
      stores: world.parts.brokenDesk?.(stores, this.#sender) ?? stores,
      world: world.recipients.alerting,
      clock,
      owner,
      onRows: () => {},
      onCancelled: (cancelled) => this.#sender.cancel(cancelled),
      onNotifications: (notifications) => this.#sender.send(notifications),
      onError: (error) => this.#failed(error),
    });
  }

  start(): void {
    this.#load();
    this.#world.later(this.#process, TICK_MS, "", this.#keepTime);
    if (this.#world.parts.reconciles !== false) this.#keepReconciling();
  }

  take(alerts: readonly Alert[]): void {
    this.#stir(() => this.#desk.take(alerts));
  }

  command(command: IncidentCommand, answer: (answer: CommandAnswer | null) => void): void {
    this.#stir(() => {
      this.#desk.command(command).then(
        (said) => {
          if (this.#process.alive) answer(said);
        },
        (error: unknown) => this.#failed(error),
      );
    });
  }

  /** Nothing is under way, and nothing waits but for its time. */
  get quiet(): boolean {
    const { tables } = this.#world.store;
    if (!this.#loaded || this.#ticking || this.#desk.waiting > 0) return false;
    if (this.#sender.underWay + this.#sender.waiting > 0 || this.#sender.marking) return false;
    const isHandled = ({ handledVersion, version }: Alert) => handledVersion >= version;
    if (![...tables.alerts.values()].every(isHandled)) return false;
    return [...tables.outbox.values()].every(({ state }) => state !== "PENDING");
  }

  #load(): void {
    this.#stir(() => {
      const loading =
        this.#world.parts.reconciles === false
          ? this.#desk.load()
          : this.#desk.load().then(() => this.#desk.reconcile());
      const takenOver = loading.then(() => this.#takeOver());
      takenOver.then(
        () => {
          this.#loaded = true;
        },
        () => this.#world.later(this.#process, LOAD_AGAIN_MS, "", () => this.#load()),
      );
    });
  }

  readonly #keepTime = (): void => {
    this.#world.later(this.#process, TICK_MS, "", this.#keepTime);
    if (!this.#loaded || this.#ticking || !this.#isSomethingDue()) return;
    this.#ticking = true;
    this.#behind = false;
    this.#stir(() => {
      void this.#desk
        .tick()
        .then(() => this.#sender.tick())
        .finally(() => {
          this.#ticking = false;
        });
    });
  };

  /** A tick with nothing to do would only ask the store in vain: the real one asks. */
  #isSomethingDue(): boolean {
    const now = this.#world.wall();
    if (this.#behind || this.#desk.waiting > 0) return true;
    if ((this.#desk.nextDueAt ?? Number.POSITIVE_INFINITY) <= now) return true;
    for (const row of this.#world.store.tables.outbox.values()) {
      if (row.state !== "PENDING") continue;
      if (Math.max(row.nextAttemptAt ?? row.createdAt, row.leaseUntil ?? 0) <= now) return true;
    }
    return false;
  }

  #keepReconciling(): void {
    this.#world.later(this.#process, RECONCILE_MS, "", () => {
      this.#keepReconciling();
      if (!this.#loaded) return;
      this.#stir(() => {
        this.#desk.reconcile().catch((error: unknown) => this.#failed(error));
      });
    });
  }

  #send(notification: Notification): Promise<SendOutcome> {
    const world = this.#world;
    const { notificationId, kind, targetId } = notification;
    return new Promise((resolve) => {
      // Its promises go on, but a process that has died says nothing more.
      if (!this.#process.alive) return;
      world.guard(() => world.incidentChecks.sending(notification, this.#answered));
      if (world.crashPoint("before a message is sent")) return;
      world.note(`sends ${kind} ${notificationId} to ${targetId}`);
      let isOver = false;
      const end = (outcome: SendOutcome) => {
        if (isOver) return;
        isOver = true;
        if (world.crashPoint("before a message is marked")) return;
        if (outcome.type === "sent") this.#answered.add(notificationId);
        this.#stir(() => resolve(outcome));
      };
      world.recipients.deliver(notification, world.isSlow(), (outcome) =>
        world.later(this.#process, 0, "a receiver answers", () => end(outcome)),
      );
      world.later(this.#process, LIMITS.sendTimeoutMs, "", () =>
        end({ type: "failed", error: "It takes too long.", retryAfterMs: null }),
      );
      world.crashPoint("after a message was sent");
    });
  }

  /** A call takes its time, and its outcome may never be heard of. */
  #remote<T extends object>(name: string, store: T): T {
    const world = this.#world;
    return new Proxy(store, {
      get: (target, method) => {
        const run: unknown = Reflect.get(target, method);
        if (typeof run !== "function") return run;
        const call = `${name}.${String(method)}`;
        return (...args: readonly unknown[]) =>
          new Promise((resolve, reject) => {
            world.callStore(
              this.#process,
              call,
              () => this.#carryOut(call, () => Reflect.apply(run, target, args) as unknown, args),
              (result) => this.#stir(() => resolve(result)),
              (error) => this.#stir(() => reject(error)),
            );
          });
      },
    });
  }

  async #carryOut(call: string, run: () => unknown, args: readonly unknown[]): Promise<unknown> {
    const world = this.#world;
    world.stirred = true;
    // Nobody hears of a call of the dead.
    if (call === "incidents.commit" && world.crashPoint("before an incident is stored"))
      return null;
    const result = await run();
    if (world.store.tables !== this.#tables) return result;
    if (call === "incidents.commit") {
      world.incidentChecks.committed(
        args[0] as Parameters<IncidentStore["commit"]>[0],
        result as Awaited<ReturnType<IncidentStore["commit"]>>,
      );
      world.crashPoint("after an incident was stored");
    }
    if (call === "outbox.mark") world.crashPoint("after messages were marked");
    return result;
  }

  /** Something that promises wait for: they go on before the time does. */
  #stir(what: () => void): void {
    this.#world.stirred = true;
    what();
  }

  /** That the store is away is what the simulation does; anything else is a defect. */
  #failed(error: unknown): void {
    this.#behind = true;
    const { code } = (error ?? {}) as { readonly code?: unknown };
    if (code !== "store_away" && code !== "desk_conflict") this.#world.fail(error);
  }
}
