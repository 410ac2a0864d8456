import { heldBack, type HeldBack } from "../incidents/held-back.ts";
import { incidentChange } from "../incidents/incident-row.ts";
import { firingOf } from "../incidents/members.ts";
import { OpenIncidents } from "../incidents/open-incidents.ts";
import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, Incident, IncidentCommand } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import { inScope, type Scope } from "../model/people.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { BoardChange } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { IncidentChange, UpstreamJobs } from "../ports/incident-stores.ts";
import type { Stores } from "../ports/stores.ts";
import { saveFailureOf } from "../shards/save-failure.ts";
import { DeskError } from "./desk-error.ts";
import { DeskQueue, type WaitingCommand } from "./desk-queue.ts";
import type { PlannedStep } from "./planned-step.ts";
import type { Cancelled } from "./send-queue.ts";
import { Planner } from "./planner.ts";
import { unfinishedMerges } from "./unfinished-merges.ts";

export interface DeskOptions {
  readonly stores: Pick<Stores, "alerts" | "incidents" | "outbox">;
  readonly world: AlertingWorld;
  readonly clock: Clock;
  /** Whom fresh notifications are leased to: the sender's owner. */
  readonly owner: string;
  /** IANA zone of times in texts for receivers that have none of their own. @default "UTC" */
  readonly zone?: string;
  /** Incidents as they were stored. */
  readonly onRows: (rows: readonly BoardChange[]) => void;
  /** These are not to be sent any more, except those that `onNotifications` gives afterwards. */
  readonly onCancelled: (cancelled: readonly Cancelled[]) => void;
  /** Stored, leased to `owner`, to be sent now. */
  readonly onNotifications: (notifications: readonly Notification[]) => void;
  /** Does what may wait until what is to be sent has left. @default at once */
  readonly later?: (work: () => void) => void;
  /** The store failed, or a step did. What it was about is tried again with the next tick or reconciliation. */
  readonly onError: (error: unknown) => void;
}

/**
 * Feeds incidents with alerts, commands and time, and stores each step with all that it promises [I4]. One commit is
 * under way at a time. Memory is a cache of the store: after a conflict, or a call whose outcome is unknown, it is
 * read again and what was to be done is done from there; ids make a repeat the same message.
 */
export class Desk {
  readonly #options: DeskOptions;
  readonly #open = new OpenIncidents();
  readonly #queue = new DeskQueue();
  readonly #planner: Planner;
  #running: Promise<void> | null = null;
  /** The cache may be wrong: nothing is done before it was read again. */
  #stale = true;
  /** What is due is to be done. */
  #ticked = false;
  /** Steps sent to the store whose answer was lost. */
  #uncertain: readonly PlannedStep[] = [];

  constructor(options: DeskOptions) {
    const { stores, onError } = options;
    this.#options = options;
    this.#planner = new Planner({ stores, open: this.#open, queue: this.#queue, onError });
  }

  /** Open incidents. */
  get size(): number {
    return this.#open.size;
  }

  /** Open incidents of the scope's teams that nobody has, or this person: how many need them. */
  needing(userId: string, scope: Scope): number {
    let count = 0;
    for (const { teamId, acknowledgedBy } of this.#open.all) {
      const isFree = acknowledgedBy === null || acknowledgedBy.userId === userId;
      if (isFree && inScope(scope, teamId)) count += 1;
    }
    return count;
  }

  /** What "start paging" of this source would tell of at once. */
  heldBack(sourceId: string): HeldBack {
    return heldBack(this.#open.all, sourceId);
  }

  /** What waits to be done. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** When an incident is due next, epoch ms; null: none is. */
  get nextDueAt(): number | null {
    let next: number | null = null;
    for (const { nextDueAt } of this.#open.all) {
      if (nextDueAt !== null && (next === null || nextDueAt < next)) next = nextDueAt;
    }
    return next;
  }

  /** The open incident, as the desk knows it. */
  incident(incidentId: string): Incident | undefined {
    return this.#open.get(incidentId);
  }

  /** Reads the open incidents, and shows those that changed. Fails when the store is away. */
  async load(): Promise<void> {
    await this.idle();
    const reloaded = this.#reload().then(() => this.#askOfDead());
    this.#running = reloaded.then(
      () => this.#work(),
      () => this.#work(),
    );
    await reloaded;
  }

  /** Alerts that changed, as they were stored, with what the store said of the jobs of those that fire. */
  take(alerts: readonly Alert[], upstream: readonly UpstreamJobs[] = []): void {
    this.#planner.learn(upstream, this.#options.clock.now());
    this.#queue.addAlerts(alerts);
    void this.#run();
  }

  /**
   * Carries a command out; the answer follows the commit. Null: there is no such incident. Fails with the store's error when it
   * is away, with `command_reused`, `desk_full` or `desk_conflict`: then nothing is known to have changed, and the
   * command may be sent again with its id.
   */
  command(command: IncidentCommand): Promise<CommandAnswer | null> {
    return new Promise((answer, fail) => {
      const isTaken = this.#queue.addCommand({ command, answer, fail, repeats: 0 });
      if (isTaken) void this.#run();
      else fail(new DeskError("desk_full", "Too many commands wait: send it again."));
    });
  }

  /** Pages of these incidents were given up, and the outbox says so. */
  undelivered(incidentIds: readonly string[]): void {
    for (const incidentId of incidentIds) this.#askOfPages(incidentId);
    void this.#run();
  }

  /** What was taken in is its incident's to follow up. */
  #askOfPages(incidentId: string): void {
    const incident = this.#open.holding(incidentId);
    if (incident !== undefined) this.#queue.undelivered.add(incident.incidentId);
  }

  /** Does what is due, and what the store could not take before. Resolves when nothing is left to do just now. */
  async tick(): Promise<void> {
    this.#ticked = true;
    await this.#run();
  }

  /** Reads the cache anew and takes what nobody has handled: at start and each minute. Fails when the store is away. */
  async reconcile(): Promise<void> {
    const { alerts } = this.#options.stores;
    const [unhandled, unexplained] = await Promise.all([
      alerts.unhandled(LIMITS.alertsAtOnce),
      alerts.unexplained(LIMITS.alertsAtOnce),
    ]);
    await this.idle();
    this.#stale = true;
    this.#queue.addAlerts(await this.#changedMembers());
    if (unhandled.length === LIMITS.alertsAtOnce) this.#queue.overflowed = true;
    this.#queue.addAlerts([...unhandled, ...unexplained]);
    await this.tick();
  }

  /**
   * Members of incidents that changed lately whose alert went on without them: another desk handled it in the very moment in
   * which this one took it in.
   */
  async #changedMembers(): Promise<readonly Alert[]> {
    const { stores, clock } = this.#options;
    const since = clock.now() - LIMITS.membersCheckedMs;
    const members = [...this.#open.all]
      .filter(({ updatedAt }) => updatedAt >= since)
      .flatMap((incident) => firingOf(incident))
      .slice(-LIMITS.alertsAtOnce);
    if (members.length === 0) return [];
    // In one call: a call for each would stand in the way of pages.
    const known = new Map(members.map(({ alertId, version }) => [alertId, version]));
    const stored = await stores.alerts.ofIds([...known.keys()]);
    return stored.filter(({ alertId, version }) => version > (known.get(alertId) ?? 0));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #run(): Promise<void> {
    this.#running ??= this.#work();
    return this.#running;
  }

  /** Rounds until nothing is left, or the store is away. */
  async #work(): Promise<void> {
    // What comes in the same turn goes in one round.
    await Promise.resolve();
    try {
      while (this.#queue.size > 0 || this.#ticked || this.#queue.overflowed) {
        if (this.#stale) await this.#reload();
        const readsOn = this.#queue.size === 0 && this.#queue.overflowed;
        if (readsOn) await this.#readOn();
        const stored = await this.#round();
        // What cannot be handled just now waits for the next reconciliation.
        if (readsOn && stored === 0) this.#queue.overflowed = false;
      }
    } catch (error) {
      this.#stale = true;
      this.#ticked = false;
      this.#queue.failCommands(error);
      this.#options.onError(error);
    } finally {
      // Within the same turn as the last look at the queue: nothing that comes is left behind.
      this.#running = null;
    }
  }

  /** Returns how much was stored. */
  async #round(): Promise<number> {
    const { clock, world, owner, zone = "UTC" } = this.#options;
    const commands = this.#queue.takeCommands();
    const alerts = this.#queue.takeAlerts();
    const now = clock.now();
    const lease = { owner, until: now + LIMITS.sendLeaseMs };
    try {
      const plan = await this.#planner.plan(commands, alerts, { now, world, zone, lease });
      this.#ticked = plan.moreIsDue;
      if (plan.settled.length > 0) await this.#options.stores.alerts.settle(plan.settled);
      await this.#store(plan.steps);
      this.#queue.done(alerts);
      return plan.settled.length + plan.steps.length;
    } catch (error) {
      this.#queue.returnAlerts(alerts);
      for (const { fail } of commands) fail(error);
      throw error;
    }
  }

  async #store(steps: readonly PlannedStep[]): Promise<void> {
    if (steps.length === 0) return;
    const changes = steps.map(({ change }) => change);
    let outcomes: readonly ("done" | "conflict")[];
    try {
      outcomes = await this.#options.stores.incidents.commit(changes);
    } catch (error) {
      await this.#notStored(steps, error);
      return;
    }
    this.#done(steps.filter((_, index) => outcomes[index] === "done"));
    for (const [index, step] of steps.entries()) {
      if (outcomes[index] !== "done") this.#conflict(step);
    }
  }

  /** What the store refuses for its content is sent alone, so that it stops nothing else. */
  async #notStored(steps: readonly PlannedStep[], error: unknown): Promise<void> {
    if (saveFailureOf(codeOf(error)) === "away") {
      this.#uncertain = steps;
      throw error;
    }
    if (steps.length > 1) {
      for (const step of steps) await this.#store([step]);
      return;
    }
    this.#stale = true;
    for (const { change } of steps) this.#queue.undelivered.delete(change.incident.incidentId);
    for (const { command } of steps) command?.fail(error);
    this.#options.onError(error);
  }

  #done(steps: readonly PlannedStep[]): void {
    const { world, onRows, onCancelled, onNotifications, later = atOnce } = this.#options;
    const changes = steps.map(({ change }) => change);
    for (const { change, absorbs } of steps) {
      const { incident } = change;
      this.#open.put(incident);
      for (const { incidentId } of absorbs) {
        this.#queue.merges.set(incidentId, incident.incidentId);
        if (this.#queue.undelivered.delete(incidentId)) {
          this.#queue.undelivered.add(incident.incidentId);
        }
      }
    }
    const cancelled = changes.flatMap(cancelledBy);
    if (cancelled.length > 0) onCancelled(cancelled);
    const notifications = changes.flatMap((change) => change.notifications);
    if (notifications.length > 0) onNotifications(notifications);
    if (changes.length > 0) {
      later(() => onRows(changes.map(({ incident }) => incidentChange(incident, world))));
    }
    for (const { change, command } of steps) command?.answer(change.command?.answer ?? null);
  }

  /** Somebody else was first: all of it is done anew from what is stored. */
  #conflict({ alerts, command }: PlannedStep): void {
    this.#stale = true;
    this.#ticked = true;
    this.#queue.repeat(alerts);
    if (command !== null) this.#repeat(command);
  }

  #repeat(command: WaitingCommand): void {
    if (command.repeats < LIMITS.stepRepeats) this.#queue.repeatCommand(command, true);
    else {
      command.fail(
        new DeskError("desk_conflict", "The incident changes all the time: send it again."),
      );
    }
  }

  async #reload(): Promise<void> {
    const { stores, world, onRows } = this.#options;
    const stored = await stores.incidents.open(LIMITS.openIncidents);
    const ids = new Set(stored.map(({ incidentId }) => incidentId));
    const left = [...this.#open.all].filter(({ incidentId }) => !ids.has(incidentId));
    const ended = await Promise.all(left.map(({ incidentId }) => stores.incidents.get(incidentId)));
    const fresh = stored.filter(
      ({ incidentId, version }) => this.#open.get(incidentId)?.version !== version,
    );
    await this.#sendUncertain([...stored, ...ended.filter((one) => one !== null)]);
    this.#open.replaceAll(stored);
    this.#stale = false;
    for (const { incidentId, into } of unfinishedMerges(this.#open)) {
      this.#queue.merges.set(incidentId, into);
    }
    const changed = [...fresh, ...ended.filter((one) => one !== null)];
    if (changed.length > 0) onRows(changed.map((incident) => incidentChange(incident, world)));
  }

  /** An earlier process may have died before it heard that a page of its incident was given up. */
  async #askOfDead(): Promise<void> {
    const { outbox } = this.#options.stores;
    const { items } = await outbox.list({ states: ["DEAD"] }, LIMITS.deadPagesRead, null);
    for (const { kind, incidentId } of items) {
      if (kind === "page" && incidentId !== null) this.#askOfPages(incidentId);
    }
  }

  /**
   * Of steps whose answer was lost: what the store did cancel is not sent any more, and what it does hold is sent now, not when its
   * lease has run out.
   */
  async #sendUncertain(stored: readonly Incident[]): Promise<void> {
    const { stores, owner, onCancelled, onNotifications } = this.#options;
    const versions = new Map(stored.map(({ incidentId, version }) => [incidentId, version]));
    const cancelled = this.#uncertain
      .map(({ change }) => change)
      .filter(({ incident }) => (versions.get(incident.incidentId) ?? 0) >= incident.version)
      .flatMap(cancelledBy);
    const uncertain = this.#uncertain.filter(({ change }) => change.notifications.length > 0);
    const rows = await Promise.all(
      uncertain.map(({ change }) => stores.outbox.ofIncident(change.incident.incidentId)),
    );
    this.#uncertain = [];
    if (cancelled.length > 0) onCancelled(cancelled);
    const promised = new Set(
      uncertain.flatMap(({ change }) =>
        change.notifications.map(({ notificationId }) => notificationId),
      ),
    );
    const held = rows
      .flat()
      .filter(({ notificationId, state }) => promised.has(notificationId) && state === "PENDING")
      .filter(({ leaseOwner }) => leaseOwner === owner);
    if (held.length > 0) onNotifications(held);
  }

  async #readOn(): Promise<void> {
    const unhandled = await this.#options.stores.alerts.unhandled(LIMITS.alertsAtOnce);
    this.#queue.overflowed = unhandled.length === LIMITS.alertsAtOnce;
    this.#queue.addAlerts(unhandled);
  }
}

function atOnce(work: () => void): void {
  work();
}

function cancelledBy({ incident: { incidentId }, cancels }: IncidentChange): readonly Cancelled[] {
  return cancels === null ? [] : [{ incidentId, ...cancels }];
}

function codeOf(error: unknown): string | null {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : null;
}
