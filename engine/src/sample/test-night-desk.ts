import { Desk } from "../desk/desk.ts";
import { MemoryIncidentStores } from "../desk/memory-incident-stores.ts";
import { Sender } from "../desk/sender.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import type { Person } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld, Policy } from "../model/policy.ts";
import { randomOf } from "../ports/random.ts";
import type { Piece } from "../ports/stores.ts";
import { partitionsOf } from "../shards/partitions-of.ts";
import { MemoryStore } from "../simulation/memory-store.ts";
import { emptyTables } from "../simulation/memory-tables.ts";
import { NIGHT_SOURCE, type TimedPiece } from "./test-night.ts";

const OWNER = "desk";
/** How often the desk reads everything anew, ms. */
const RECONCILE_MS = 60_000;

export const DUTY_OPERATOR: Person = { userId: "duty", name: "Duty Operator" };
const PEOPLE: readonly Person[] = [
  DUTY_OPERATOR,
  { userId: "second", name: "Second Operator" },
  { userId: "lead", name: "Team Lead" },
];
const POLICY: Policy = {
  people: PEOPLE.map((person) => ({ person, devices: [`phone-of-${person.userId}`] })),
  webhooks: [{ webhookId: "hook", name: "Operations chat" }],
};
const WORLD: AlertingWorld = {
  alertsOn: true,
  policyOf: () => POLICY,
  platformPolicy: POLICY,
  pageableOf: (id) => POLICY.people.find(({ person }) => person.userId === id) ?? null,
  sourceOf: (sourceId) => (sourceId === NIGHT_SOURCE.sourceId ? NIGHT_SOURCE : null),
};

/** A notification as its receiver got it. */
export interface Received {
  readonly at: number;
  readonly notification: Notification;
}

export interface NightDeskOptions {
  /** The Duty Operator acknowledges the first page of each incident this long after it; null: nobody answers. */
  readonly acknowledgeAfterMs: number | null;
}

/** The desk and the sender of one night, on a store in memory. Time goes from one thing that happens to the next. */
export class NightDesk {
  now = 0;
  readonly stores: MemoryIncidentStores = new MemoryIncidentStores();
  readonly received: Received[] = [];
  readonly errors: unknown[] = [];
  readonly #options: NightDeskOptions;
  readonly #store: MemoryStore;
  readonly #desk: Desk;
  readonly #sender: Sender;
  /** When each incident is acknowledged, by id; infinite once it was. */
  readonly #answers = new Map<string, number>();
  readonly #writers = new Map<string, Set<string>>();
  readonly #readers = new Map<string, Set<string>>();

  constructor(options: NightDeskOptions) {
    this.#options = options;
    const { alerts } = this.stores.tables;
    this.#store = new MemoryStore(joinStoredSummaries, { ...emptyTables(), alerts });
    this.#store.claim(partitionsOf(0, 1));
    const clock = { now: () => this.now };
    const onError = (error: unknown) => this.errors.push(error);
    this.#sender = new Sender({
      outbox: this.stores.outbox,
      notifier: { send: async (notification) => this.#receive(notification) },
      clock,
      random: randomOf(1, OWNER),
      owner: OWNER,
      onOutcome: () => {},
      onError,
    });
    this.#desk = new Desk({
      stores: this.stores,
      world: WORLD,
      clock,
      owner: OWNER,
      zone: NIGHT_SOURCE.zone,
      onRows: () => {},
      onCancelled: (cancelled) => this.#sender.cancel(cancelled),
      onNotifications: (notifications) => this.#sender.send(notifications),
      onError,
    });
  }

  async play(pieces: readonly TimedPiece[]): Promise<void> {
    await this.#desk.load();
    for (const { at, piece } of pieces) {
      await this.#passTo(at);
      this.#save(piece);
      await this.#idle();
    }
  }

  async #passTo(at: number): Promise<void> {
    if (this.now === 0) this.now = at;
    for (;;) {
      const reconcileAt = (Math.floor(this.now / RECONCILE_MS) + 1) * RECONCILE_MS;
      const answerAt = Math.min(...this.#answers.values());
      const dueAt = this.#desk.nextDueAt ?? Number.POSITIVE_INFINITY;
      const next = Math.min(reconcileAt, answerAt, Math.max(dueAt, this.now));
      if (next > at) break;
      this.now = next;
      if (answerAt === next) await this.#answer(next);
      await (reconcileAt === next ? this.#desk.reconcile() : this.#desk.tick());
      await this.#idle();
    }
    this.now = at;
  }

  #save(piece: Piece): void {
    const { alerts = [] } = this.#store.save(piece);
    for (const { job, runs, datasets = [] } of piece.units) {
      for (const { columns } of runs) this.stores.tables.runs.set(columns.executionId, columns);
      for (const { direction, dataset } of job === null ? [] : datasets) {
        const users = direction === "in" ? this.#readers : this.#writers;
        users.set(dataset, (users.get(dataset) ?? new Set()).add(job?.jobId ?? ""));
        this.#relate(dataset);
      }
    }
    this.#desk.take(alerts);
  }

  /** Who reads it waits for those who write it. */
  #relate(dataset: string): void {
    const { upstream } = this.stores.tables;
    const writers = [...(this.#writers.get(dataset) ?? [])];
    for (const reader of this.#readers.get(dataset) ?? []) {
      const others = writers.filter((writer) => writer !== reader);
      upstream.set(reader, [...new Set([...(upstream.get(reader) ?? []), ...others])].sort());
    }
  }

  async #answer(now: number): Promise<void> {
    for (const [incidentId, at] of this.#answers) {
      if (at !== now) continue;
      this.#answers.set(incidentId, Number.POSITIVE_INFINITY);
      const action = { type: "acknowledge" } as const;
      const commandId = `acknowledge-${incidentId}`;
      await this.#desk.command({ commandId, incidentId, by: DUTY_OPERATOR, action });
    }
  }

  async #idle(): Promise<void> {
    await this.#desk.idle();
    await this.#sender.tick();
    await this.#sender.idle();
  }

  #receive(notification: Notification): { readonly type: "sent" } {
    this.received.push({ at: this.now, notification });
    const { incidentId, kind, userId } = notification;
    const { acknowledgeAfterMs } = this.#options;
    const isFirst = incidentId !== null && !this.#answers.has(incidentId);
    if (acknowledgeAfterMs !== null && isFirst && kind === "page" && userId === "duty") {
      this.#answers.set(incidentId, this.now + acknowledgeAfterMs);
    }
    return { type: "sent" };
  }
}
