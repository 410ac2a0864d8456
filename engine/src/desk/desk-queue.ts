import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, IncidentCommand } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";

/** A command and who waits for its answer. */
export interface WaitingCommand {
  readonly command: IncidentCommand;
  readonly answer: (answer: CommandAnswer | null) => void;
  readonly fail: (error: unknown) => void;
  repeats: number;
}

/** What the desk still has to do, in the order it came. Of an alert only the newest version counts. */
export class DeskQueue {
  readonly #alerts = new Map<string, Alert>();
  /** How often alerts were taken out and put back. */
  readonly #repeats = new Map<string, number>();
  /** Alerts that were not done at once: what was said of them may be out of date. */
  readonly #doubtful = new Set<string>();
  #commands: WaitingCommand[] = [];
  /** Incidents that became part of another, which is stored: by id. */
  readonly merges: Map<string, string> = new Map();
  /** Incidents of which pages were given up, by id, until what follows of it is stored. */
  readonly undelivered: Set<string> = new Set();
  /** Alerts were left in the store: it must be asked once these are done. */
  overflowed = false;

  get size(): number {
    const waiting = this.#alerts.size + this.#commands.length;
    return waiting + this.merges.size + this.undelivered.size;
  }

  get commands(): readonly WaitingCommand[] {
    return this.#commands;
  }

  addAlerts(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const known = this.#alerts.get(alert.alertId);
      if (known !== undefined && known.version >= alert.version) continue;
      if (known === undefined && this.#alerts.size >= LIMITS.alertsWaiting) this.overflowed = true;
      else this.#alerts.set(alert.alertId, alert);
    }
  }

  /** Puts back what could not be done. */
  returnAlerts(alerts: readonly Alert[]): void {
    this.addAlerts(alerts);
    for (const { alertId } of alerts) {
      if (this.#alerts.has(alertId)) this.#doubtful.add(alertId);
    }
  }

  /** Whether it was put back: the store must be asked before it counts as new. */
  isDoubtful(alertId: string): boolean {
    return this.#doubtful.has(alertId);
  }

  takeAlerts(): readonly Alert[] {
    const taken: Alert[] = [];
    for (const alert of this.#alerts.values()) {
      if (taken.length === LIMITS.alertsAtOnce) break;
      taken.push(alert);
    }
    for (const { alertId } of taken) this.#alerts.delete(alertId);
    return taken;
  }

  /** The same after a conflict; one that comes back too often is left to the store. */
  repeat(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const repeats = (this.#repeats.get(alert.alertId) ?? 0) + 1;
      // `done` forgets it.
      if (repeats > LIMITS.stepRepeats) continue;
      this.#repeats.set(alert.alertId, repeats);
      this.returnAlerts([alert]);
    }
  }

  /** Nothing more is to be remembered of these, except of those that were put back. */
  done(alerts: readonly Alert[]): void {
    for (const { alertId } of alerts) {
      if (this.#alerts.has(alertId)) continue;
      this.#repeats.delete(alertId);
      this.#doubtful.delete(alertId);
    }
  }

  addCommand(waiting: WaitingCommand): boolean {
    if (this.#commands.length >= LIMITS.commandsWaiting) return false;
    this.#commands.push(waiting);
    return true;
  }

  /** The first command of each incident: the next one sees what it did. */
  takeCommands(): readonly WaitingCommand[] {
    const seen = new Set<string>();
    const taken: WaitingCommand[] = [];
    const left: WaitingCommand[] = [];
    for (const waiting of this.#commands) {
      const { incidentId, commandId } = waiting.command;
      const isFirst = !seen.has(incidentId) && !seen.has(commandId);
      (isFirst ? taken : left).push(waiting);
      seen.add(incidentId).add(commandId);
    }
    this.#commands = left;
    return taken;
  }

  /** Before those that came later. `counts`: it was tried. */
  repeatCommand(waiting: WaitingCommand, counts: boolean): void {
    if (counts) waiting.repeats += 1;
    this.#commands.unshift(waiting);
  }

  /** Nobody waits for a command any longer. */
  failCommands(error: unknown): void {
    const failed = this.#commands;
    this.#commands = [];
    for (const { fail } of failed) fail(error);
  }
}
