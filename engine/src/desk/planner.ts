import { ALERTING_TIMES } from "../incidents/alerting-times.ts";
import { TAKES } from "../incidents/command.ts";
import type { Group } from "../incidents/grouping.ts";
import { groupAlerts } from "../incidents/grouping.ts";
import { isDue } from "../incidents/incident-state.ts";
import type { OpenIncidents } from "../incidents/open-incidents.ts";
import { partsOf } from "../incidents/members.ts";
import { needsTold } from "../incidents/resolution.ts";
import { step } from "../incidents/step.ts";
import type { AlertsInput, StepContext } from "../incidents/step-types.ts";
import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, Incident, IncidentCommand } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { HandledAlert, Promised, UpstreamJobs } from "../ports/incident-stores.ts";
import { StoreError } from "../ports/store-error.ts";
import type { Stores } from "../ports/stores.ts";
import type { DeskQueue, WaitingCommand } from "./desk-queue.ts";
import { Lookups } from "./lookups.ts";
import { changeOf, plainStep, type PlannedStep } from "./planned-step.ts";

export interface PlannerOptions {
  readonly stores: Pick<Stores, "alerts" | "incidents" | "outbox">;
  readonly open: OpenIncidents;
  readonly queue: DeskQueue;
  readonly onError: (error: unknown) => void;
}

/** One round of the desk: at most one step of each incident. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** Alerts that no incident takes. */
  readonly settled: readonly HandledAlert[];
  /** More is due than was taken. */
  readonly moreIsDue: boolean;
}

/** Makes the steps of a round: asks the store what they depend on, and stores nothing. */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #lookups: Lookups;

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#lookups = new Lookups(options.stores, options.open);
  }

  /** What a save has said of the jobs of its alerts. */
  learn(upstream: readonly UpstreamJobs[], now: number): void {
    this.#lookups.learn(upstream, now);
  }

  async plan(
    commands: readonly WaitingCommand[],
    alerts: readonly Alert[],
    context: Omit<StepContext, "promised">,
  ): Promise<Plan> {
    const round = new Round({ promised: [], ...context });
    this.#merge(round);
    await this.#command(round, commands);
    await this.#undelivered(round);
    const settled = alerts.length === 0 ? [] : await this.#alert(round, alerts);
    const moreIsDue = this.#clock(round);
    return { steps: round.steps, settled, moreIsDue };
  }

  #merge(round: Round): void {
    const { queue, open } = this.#options;
    for (const [incidentId, into] of queue.merges) {
      const incident = open.get(incidentId);
      if (incident !== undefined) this.#plain(round, incident, { type: "merged", into });
    }
    queue.merges.clear();
  }

  async #command(round: Round, commands: readonly WaitingCommand[]): Promise<void> {
    const { open, queue, stores } = this.#options;
    const answers = await Promise.all(commands.map(({ command }) => this.#answered(command)));
    for (const [index, waiting] of commands.entries()) {
      const answer = answers[index] ?? null;
      const { incidentId } = waiting.command;
      if (answer instanceof StoreError) waiting.fail(answer);
      else if (answer !== null) waiting.answer(answer);
      else if (round.has(incidentId)) queue.repeatCommand(waiting, false);
      else {
        const incident = open.get(incidentId) ?? (await stores.incidents.get(incidentId));
        if (incident === null) waiting.answer(null);
        else await this.#carryOut(round, incident, waiting);
      }
    }
  }

  /** The outbox says what became of each page. */
  async #undelivered(round: Round): Promise<void> {
    const { open, queue, stores } = this.#options;
    const free = [...queue.undelivered].filter((incidentId) => !round.has(incidentId));
    for (const incidentId of free.slice(0, LIMITS.alertsAtOnce)) {
      const incident = open.get(incidentId);
      const ids = incident === undefined ? [] : partsOf(incident);
      const rows = await Promise.all(ids.map((id) => stores.outbox.ofIncident(id)));
      const pages = rows.flat().filter(({ kind }) => kind === "page");
      if (incident !== undefined) this.#plain(round, incident, { type: "undelivered", pages });
      // Nothing is to be done for what is stored now; else it is asked once more after the commit.
      if (!round.has(incidentId)) queue.undelivered.delete(incidentId);
    }
  }

  async #carryOut(round: Round, incident: Incident, waiting: WaitingCommand): Promise<void> {
    const { command } = waiting;
    const promised = TAKES.has(command.action.type) ? await this.#promised([incident]) : [];
    const context = { ...round.context, promised };
    this.#plain(round, incident, { type: "command", command }, waiting, context);
  }

  /** What it was answered; the store's "no" where the id was another command's. */
  async #answered(command: IncidentCommand): Promise<CommandAnswer | StoreError | null> {
    try {
      return await this.#options.stores.incidents.answered(command);
    } catch (error) {
      const { code, message } = error as Partial<StoreError>;
      if (code !== "command_reused") throw error;
      return error instanceof StoreError ? error : new StoreError(code, message ?? code);
    }
  }

  #plain(
    round: Round,
    incident: Incident,
    input: Parameters<typeof plainStep>[1],
    command: WaitingCommand | null = null,
    context: StepContext = round.context,
  ): void {
    this.#guard(
      () => {
        const made = plainStep(incident, input, context, command);
        if (made !== null) round.add(made);
      },
      (error) => command?.fail(error),
    );
  }

  async #alert(round: Round, alerts: readonly Alert[]): Promise<readonly HandledAlert[]> {
    const { open, queue } = this.#options;
    const placed = await this.#lookups.place(alerts, round.context.now, (alertId) =>
      queue.isDoubtful(alertId),
    );
    const { now, world } = round.context;
    const { groups, settled, waiting } = groupAlerts(placed, open, (sourceId) => {
      const at = world.returnedAt(sourceId);
      return at !== null && Math.abs(now - at) < ALERTING_TIMES.returnMs ? at : null;
    });
    if (waiting.length > 0) {
      queue.overflowed = false;
      this.#options.onError(
        new Error(`${LIMITS.openIncidents} incidents are open: ${waiting.length} alerts wait.`),
      );
    }
    const free = groups.filter((group) => this.#isFree(round, group));
    const inputs = await Promise.all(free.map((group) => this.#inputOf(group)));
    for (const [index, group] of free.entries()) {
      const read = inputs[index];
      if (read !== undefined) this.#guard(() => this.#group(round, group, read));
    }
    return settled;
  }

  /** Where the round changes one of its incidents already, the alerts wait for the next. */
  #isFree(round: Round, { incident, absorbs, taken }: Group): boolean {
    const all = incident === null ? absorbs : [incident, ...absorbs];
    if (!all.some(({ incidentId }) => round.has(incidentId))) return true;
    this.#options.queue.addAlerts(taken.map(({ alert }) => alert));
    return false;
  }

  async #inputOf(
    group: Group,
  ): Promise<{ readonly input: AlertsInput; readonly promised: readonly Promised[] }> {
    const { incident, groupKey, taken, absorbs, sharedSourceId } = group;
    const plain: AlertsInput = {
      type: "alerts",
      alerts: taken,
      groupKey,
      sharedSourceId,
      absorbs,
      counted: [],
    };
    if (incident === null || !needsTold(incident, plain)) return { input: plain, promised: [] };
    const { alerts } = this.#options.stores;
    const hasCounted = incident.memberCount > incident.members.length;
    const [counted, promised] = await Promise.all([
      hasCounted ? alerts.firingOf(incident.incidentId, LIMITS.incidentMembers) : [],
      this.#promised([incident, ...absorbs]),
    ]);
    return { input: { ...plain, counted }, promised };
  }

  #promised(incidents: readonly Incident[]): Promise<readonly Promised[]> {
    return this.#options.stores.outbox.promised(incidents.flatMap(partsOf));
  }

  #group(
    round: Round,
    { incident, taken, absorbs }: Group,
    { input, promised }: { readonly input: AlertsInput; readonly promised: readonly Promised[] },
  ): void {
    const result = step(incident, input, { ...round.context, promised });
    const change = result === null ? null : changeOf(incident, result, null);
    if (change === null) return;
    round.add({ change, alerts: taken.map(({ alert }) => alert), command: null, absorbs });
  }

  /** Returns whether more is due than one round takes. */
  #clock(round: Round): boolean {
    let left: number = LIMITS.alertsAtOnce;
    for (const incident of this.#options.open.all) {
      const { incidentId } = incident;
      if (!isDue(incident, round.context)) continue;
      if (left === 0 || round.has(incidentId)) return true;
      left -= 1;
      this.#plain(round, incident, { type: "clock" });
    }
    return false;
  }

  /** A step that throws is a fault of the program: it stops nothing else. */
  #guard(make: () => void, failed: (error: unknown) => void = () => {}): void {
    try {
      make();
    } catch (error) {
      failed(error);
      this.#options.onError(error);
    }
  }
}

class Round {
  readonly context: StepContext;
  readonly steps: PlannedStep[] = [];
  readonly #touched = new Set<string>();

  constructor(context: StepContext) {
    this.context = context;
  }

  has(incidentId: string): boolean {
    return this.#touched.has(incidentId);
  }

  add(made: PlannedStep): void {
    this.steps.push(made);
    this.#touched.add(made.change.incident.incidentId);
    for (const { incidentId } of made.absorbs) this.#touched.add(incidentId);
  }
}
