import type { HealthComponent, HealthStatus, SystemHealth } from "@batchwatch/engine";

/** What health is judged by; gathered by main. */
export interface HealthFacts {
  readonly databaseError: string | null;
  readonly journalError: string | null;
  readonly unsavedRecords: number;
  readonly caughtUp: boolean;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly deadLetters: number;
  readonly sockets: number;
  readonly maxSockets: number;
  readonly lastDataAt: number | null;
  readonly now: number;
}

/** Sources are expected to be heard of at least this often before freshness is doubted, ms. */
const FRESH_MS = 15 * 60_000;
/** Unsaved journal rows that are worth a word. */
const BEHIND_RECORDS = 100_000;

export function systemHealthOf(facts: HealthFacts): SystemHealth {
  const components = [
    database(facts),
    journal(facts),
    engine(facts),
    websocket(facts),
    freshness(facts),
  ];
  return { status: worst(components.map((component) => component.status)), components };
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes("DOWN")) return "DOWN";
  return statuses.includes("DEGRADED") ? "DEGRADED" : "UP";
}

function database({ databaseError, unsavedJobs }: HealthFacts): HealthComponent {
  return {
    name: "database",
    status: databaseError === null ? "UP" : "DOWN",
    summary:
      databaseError === null
        ? "The database answers."
        : `The database does not answer: ${databaseError}`,
    details: { unsaved_jobs: unsavedJobs },
  };
}

function journal({ journalError, unsavedRecords }: HealthFacts): HealthComponent {
  const behind = unsavedRecords > BEHIND_RECORDS;
  return {
    name: "journal",
    status: journalError !== null ? "DOWN" : behind ? "DEGRADED" : "UP",
    summary:
      journalError !== null
        ? `The journal does not answer: ${journalError}`
        : behind
          ? `${unsavedRecords} accepted records wait to be saved.`
          : "Facts are kept before they are answered.",
    details: { unsaved_records: unsavedRecords },
  };
}

function engine({ caughtUp, jobs, deadLetters }: HealthFacts): HealthComponent {
  const status = !caughtUp ? "DEGRADED" : deadLetters > 0 ? "DEGRADED" : "UP";
  const summary = !caughtUp
    ? "Catching up with the journal."
    : deadLetters > 0
      ? `${deadLetters} facts could not be applied; the source shows which.`
      : `${jobs} jobs are followed.`;
  return { name: "engine", status, summary, details: { jobs, dead_letters: deadLetters } };
}

function websocket({ sockets, maxSockets }: HealthFacts): HealthComponent {
  const full = sockets >= maxSockets;
  return {
    name: "websocket",
    status: full ? "DEGRADED" : "UP",
    summary: full
      ? `All ${maxSockets} live connections are in use.`
      : `${sockets} live connections.`,
    details: { websocket_active_connections: sockets },
  };
}

function freshness({ lastDataAt, now }: HealthFacts): HealthComponent {
  const ageMs = lastDataAt === null ? null : now - lastDataAt;
  const stale = ageMs !== null && ageMs > FRESH_MS;
  const summary =
    ageMs === null
      ? "No source has sent anything yet."
      : `Newest data ${Math.round(ageMs / 1_000)} s old.`;
  return {
    name: "dataFreshness",
    status: stale ? "DEGRADED" : "UP",
    summary,
    details: { last_data_update: lastDataAt === null ? null : new Date(lastDataAt).toISOString() },
  };
}
