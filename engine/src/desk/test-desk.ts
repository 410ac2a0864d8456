import { MINUTE, T0, worldOf } from "../incidents/test-incidents.ts";
import type { AlertLevel } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { BoardChange } from "../model/rows.ts";
import { Desk } from "./desk.ts";
import type { Cancelled } from "./send-queue.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";

/** A desk on a store in memory, with all that it said. */
export class DeskWorld {
  now: number = T0;
  readonly stores: MemoryIncidentStores;
  readonly rows: BoardChange[] = [];
  readonly sent: Notification[] = [];
  readonly cancelled: Cancelled[] = [];
  readonly errors: unknown[] = [];
  later: (work: () => void) => void = (work) => work();
  readonly desk: Desk;

  constructor(
    stores: MemoryIncidentStores = new MemoryIncidentStores(),
    world: AlertingWorld = worldOf(),
    owner = "desk",
  ) {
    this.stores = stores;
    this.desk = new Desk({
      stores,
      world,
      clock: { now: () => this.now },
      owner,
      onRows: (rows) => this.rows.push(...rows),
      onCancelled: (cancelled) => this.cancelled.push(...cancelled),
      onNotifications: (notifications) => this.sent.push(...notifications),
      later: (work) => this.later(work),
      onError: (error) => this.errors.push(error),
    });
  }

  /** Stores levels as a unit does, and gives the desk what changed. */
  async report(...levels: readonly AlertLevel[]): Promise<void> {
    this.desk.take(this.stores.report(levels));
    await this.desk.idle();
  }

  async pass(minutes: number): Promise<void> {
    this.now += minutes * MINUTE;
    await this.desk.tick();
  }

  get incidents(): readonly Incident[] {
    return [...this.stores.tables.incidents.values()];
  }

  get openIncidents(): readonly Incident[] {
    return this.incidents.filter(({ state }) => state !== "RESOLVED");
  }

  get pages(): readonly Notification[] {
    return [...this.stores.outboxRows.rows.values()].filter(({ kind }) => kind === "page");
  }
}

/** The level that ends what this one said. */
export function clearedOf({ rule, subject }: AlertLevel, since: number): AlertLevel {
  return { rule, subject, holds: false, since, ending: "cleared" };
}
