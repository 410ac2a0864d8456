import { joinStoredSummaries } from "../jobs/run-columns.ts";
import type { MemoryOutbox } from "../desk/memory-outbox.ts";
import type { Sender } from "../desk/sender.ts";
import type { JournalRecord, PositionedRecord } from "../model/fact.ts";
import type { Notification } from "../model/notification.ts";
import type { Stores } from "../ports/stores.ts";
import { Dice } from "./dice.ts";
import { IncidentChecks } from "./incident-checks.ts";
import { JobWishes } from "./job-wishes.ts";
import { Ledger } from "./ledger.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryStore, type JoinSummaries } from "./memory-store.ts";
import { Recipients } from "./recipients.ts";
import type { Scenario } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

/** When the simulated day begins, wall clock. */
export const START_AT: number = Date.parse("2026-11-24T00:00:00.000Z");
/** Nobody looks where these come from, and a seed meets thousands. */
const AWAY = away("The store is away.");
const DIED = away("The store thread died.");
/** Steps that a failing seed shows. */
const TRACED_STEPS = 60;

/** The parts of the outside that a test may replace by ones that break a promise. */
export interface Parts {
  readonly makeStore?: (join: JoinSummaries) => MemoryStore;
  readonly makeLog?: () => MemoryLog;
  readonly makeOutbox?: (rows: Map<string, Notification>) => MemoryOutbox;
  /** What a desk is given in place of its stores. */
  readonly brokenDesk?: (stores: DeskStores, sender: Sender) => DeskStores;
  /** Whether a process looks for what none before it has taken in. @default true */
  readonly reconciles?: boolean;
}

export type DeskStores = Pick<Stores, "alerts" | "incidents" | "outbox">;

/** Something that can die: what it was about to do is not done then. */
export interface Life {
  alive: boolean;
}

interface Call {
  settled: boolean;
  readonly caller: Life;
  readonly failed: (error: Error) => void;
}

/** Time, chance, disks: what outlives the process. */
export class World {
  readonly scenario: Scenario;
  readonly timeline: Timeline = new Timeline();
  readonly chance: Dice;
  readonly delays: Dice;
  readonly ledger: Ledger = new Ledger();
  readonly store: MemoryStore;
  readonly log: MemoryLog;
  readonly parts: Parts;
  readonly recipients: Recipients;
  readonly incidentChecks: IncidentChecks;
  readonly wishes: JobWishes;
  /** Times the store was replaced by an older copy. */
  restores = 0;
  /** Promises may go on: they do before the next event. */
  stirred = false;
  /** What went wrong where nobody can throw. */
  failure: unknown = null;
  /** Strikes at a point between the commit of an alert and the mark of its message; true: the process is dead. */
  crashPoint: (where: string, likelier?: number) => boolean = () => false;
  readonly #trace: { readonly at: number; readonly text: string }[] = [];
  /** After each message inside the process; faults strike here. */
  afterMessage: () => void = () => {};
  /** What the journal has just taken. */
  onAppended: (records: readonly PositionedRecord[]) => void = () => {};
  wallOffsetMs = 0;
  pausedUntil = 0;
  storeDownUntil = 0;
  steps = 0;
  #noted = 0;
  readonly #calls = new Set<Call>();
  readonly #busyUntil = new Map<string, number>();

  constructor(seed: number, scenario: Scenario, parts: Parts) {
    this.scenario = scenario;
    this.chance = new Dice(seed, "faults");
    this.delays = new Dice(seed, "delays");
    this.store = (parts.makeStore ?? ((join) => new MemoryStore(join)))(joinStoredSummaries);
    this.log = (parts.makeLog ?? (() => new MemoryLog()))();
    this.wishes = new JobWishes(new Dice(seed, "wishes"));
    this.store.asSet = (level) => this.wishes.on(level);
    this.parts = parts;
    this.recipients = new Recipients(this, new Dice(seed, "recipients"));
    this.incidentChecks = new IncidentChecks(this);
  }

  /** What the process's clock says, epoch ms. */
  wall(): number {
    return START_AT + Math.floor(this.timeline.now) + this.wallOffsetMs;
  }

  /** Fails the seed as soon as the event that runs is over. */
  fail(error: unknown): void {
    this.failure ??= error;
  }

  /** A check in the middle of what others wait for. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }

  isSlow(): boolean {
    return this.delays.chance(this.scenario.rates["slow-receiver"]);
  }

  note(text: string): void {
    this.#trace[this.#noted % TRACED_STEPS] = { at: this.timeline.now, text };
    this.#noted += 1;
  }

  /** The last steps, oldest first. */
  get trace(): readonly string[] {
    const from = Math.max(0, this.#noted - TRACED_STEPS);
    return Array.from({ length: this.#noted - from }, (_, n) => {
      const step = this.#trace[(from + n) % TRACED_STEPS];
      return `${((step?.at ?? 0) / 1_000).toFixed(3)} s  ${step?.text}`;
    });
  }

  /** A message to a living thing, in order with the others of its channel. */
  message(to: Life, channel: string, name: string, run: () => void): void {
    const delay = this.#delay();
    const at = Math.max(this.timeline.now + delay, this.#busyUntil.get(channel) ?? 0);
    this.#busyUntil.set(channel, at);
    this.later(to, at - this.timeline.now, name, run);
  }

  /** Runs in the process after a while, later when it is paused, never when it has died. */
  later(to: Life, delayMs: number, name: string, run: () => void): void {
    this.timeline.after(delayMs, name, () => {
      if (!to.alive) return;
      if (this.timeline.now < this.pausedUntil) {
        this.later(to, this.pausedUntil - this.timeline.now, name, run);
        return;
      }
      this.steps += 1;
      if (name !== "") this.note(name);
      run();
      if (name !== "") this.afterMessage();
    });
  }

  /** A store call: done one after the other; an outcome may never be heard of. */
  callStore<T>(
    caller: Life,
    name: string,
    call: () => T,
    done: (result: T) => void,
    failed: (error: Error) => void,
  ): void {
    const open: Call = { settled: false, caller, failed };
    this.#calls.add(open);
    this.message(caller, "store", `store does ${name}`, () => {
      if (open.settled) return;
      const settle = (answer: () => void, text: string) =>
        this.message(caller, "store answers", text, () => {
          if (open.settled) return;
          open.settled = true;
          this.#calls.delete(open);
          answer();
        });
      if (this.timeline.now < this.storeDownUntil) {
        settle(() => failed(AWAY), `store is away for ${name}`);
        return;
      }
      try {
        const result = call();
        settle(() => done(result), `store answers ${name}`);
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        if (cause.name === "Violation") throw cause;
        settle(() => failed(cause), `store refuses ${name}: ${cause.message}`);
      }
    });
  }

  /** The store thread dies: whoever waits does not learn whether it was done. */
  crashStore(): void {
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const call of calls) {
      call.settled = true;
      this.later(call.caller, this.delays.whole(1, 300), "store call fails: outcome unknown", () =>
        call.failed(DIED),
      );
    }
  }

  /** The journal's append: durable before it is answered. */
  append(
    caller: Life,
    records: readonly JournalRecord[],
    done: (records: readonly PositionedRecord[]) => void,
    failed: () => void,
  ): void {
    this.message(caller, "log", `log takes ${records.length} records`, () => {
      let added: readonly PositionedRecord[];
      try {
        added = this.log.append(records);
      } catch {
        this.message(caller, "log answers", "log refuses", failed);
        return;
      }
      for (const record of added) this.ledger.add(record);
      this.onAppended(added);
      this.message(caller, "log answers", `log is durable to ${this.log.end}`, () => done(added));
    });
  }

  #delay(): number {
    const slow = this.delays.chance(this.scenario.rates["slow-message"]);
    return slow ? this.delays.whole(10, 1_500) : this.delays.whole(0, 2);
  }
}

function away(message: string): Error {
  return Object.assign(new Error(message), { code: "store_away" });
}
