import { emptyIncidentTables, type IncidentTables } from "../desk/memory-incident-stores.ts";
import type { Alert } from "../model/alert.ts";
import type { Notification } from "../model/notification.ts";
import type {
  KeptLetter,
  RunColumns,
  StoredJobState,
  TransitionRow,
  Unit,
} from "../ports/stores.ts";

type Note = Unit["notes"][number];

/** The rows of a store in memory. Values are never changed in place, so a copy of the maps is a copy of the store. */
export interface MemoryTables {
  readonly terms: Map<number, number>;
  readonly marks: Map<number, number>;
  readonly jobs: Map<string, StoredJobState>;
  readonly runs: Map<string, { readonly columns: RunColumns; readonly summary: string }>;
  readonly transitions: Map<string, readonly TransitionRow[]>;
  readonly notes: Map<string, Note>;
  readonly letters: Map<string, KeptLetter>;
  readonly alerts: Map<string, Alert>;
  readonly incidents: Omit<IncidentTables, "alerts" | "runs">;
  readonly outbox: Map<string, Notification>;
}

export function emptyTables(): MemoryTables {
  return {
    terms: new Map(),
    marks: new Map(),
    jobs: new Map(),
    runs: new Map(),
    transitions: new Map(),
    notes: new Map(),
    letters: new Map(),
    alerts: new Map(),
    incidents: emptyIncidentTables(),
    outbox: new Map(),
  };
}

export function copyTables(tables: MemoryTables): MemoryTables {
  return {
    terms: new Map(tables.terms),
    marks: new Map(tables.marks),
    jobs: new Map(tables.jobs),
    runs: new Map(tables.runs),
    transitions: new Map(tables.transitions),
    notes: new Map(tables.notes),
    letters: new Map(tables.letters),
    alerts: new Map(tables.alerts),
    incidents: {
      incidents: new Map(tables.incidents.incidents),
      openByKey: new Map(tables.incidents.openByKey),
      events: new Map(tables.incidents.events),
      commands: new Map(tables.incidents.commands),
      upstream: new Map(tables.incidents.upstream),
    },
    outbox: new Map(tables.outbox),
  };
}

/** The same rows as the stores of alerts and incidents see them. */
export function incidentTablesOf(tables: MemoryTables): IncidentTables {
  return { ...tables.incidents, alerts: tables.alerts, runs: new RunsOf(tables.runs) };
}

type RunOf = Pick<RunColumns, "jobId" | "instanceKey" | "parentExecutionId">;

/** Of a stored run, what places its alert; only for reading. */
class RunsOf extends Map<string, RunOf> {
  readonly #runs: MemoryTables["runs"];

  constructor(runs: MemoryTables["runs"]) {
    super();
    this.#runs = runs;
  }

  override get(executionId: string): RunOf | undefined {
    return this.#runs.get(executionId)?.columns;
  }
}

interface Write {
  readonly table: Map<unknown, unknown>;
  readonly key: unknown;
  /** Undefined: it was not there. */
  readonly before: unknown;
}

/** Writes that can all be taken back, as a transaction that fails takes them back. No table holds undefined. */
export class Transaction {
  readonly #writes: Write[] = [];

  set<K, V>(table: Map<K, V>, key: K, value: V): void {
    this.#writes.push({ table, key, before: table.get(key) });
    table.set(key, value);
  }

  delete<K, V>(table: Map<K, V>, key: K): void {
    const before = table.get(key);
    if (before === undefined) return;
    this.#writes.push({ table, key, before });
    table.delete(key);
  }

  rollBack(): void {
    for (const { table, key, before } of this.#writes.toReversed()) {
      if (before === undefined) table.delete(key);
      else table.set(key, before);
    }
  }
}
