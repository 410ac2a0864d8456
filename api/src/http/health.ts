import type { HealthComponent, HealthStatus, SystemHealth } from "@batchwatch/engine";
import { alertingHealth } from "./alerting-health.ts";
import { approvalsHealth } from "./approvals-health.ts";
import { auditHealth } from "./audit-health.ts";
import { databaseHealth } from "./database-health.ts";
import type { HealthFacts } from "./health-facts.ts";
import { journalHealth } from "./journal-health.ts";

/** Sources are expected to be heard of at least this often before freshness is doubted, ms. */
const FRESH_MS = 15 * 60_000;

export function systemHealthOf(facts: HealthFacts): SystemHealth {
  const components = [
    databaseHealth(facts),
    journalHealth(facts),
    engine(facts),
    websocket(facts),
    freshness(facts),
    alertingHealth(facts),
    approvalsHealth(facts),
    auditHealth(facts),
  ];
  return { status: worst(components.map((component) => component.status)), components };
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes("DOWN")) return "DOWN";
  return statuses.includes("DEGRADED") ? "DEGRADED" : "UP";
}

function engine(facts: HealthFacts): HealthComponent {
  const { jobs, deadLetters, quarantinedJobs, threads, loadTrouble } = facts;
  const trouble = loadTrouble === null ? engineTrouble(facts) : loadWords(loadTrouble);
  return {
    name: "engine",
    status: trouble === null ? "UP" : loadTrouble === null ? "DEGRADED" : "DOWN",
    summary: trouble ?? `${jobs} jobs are followed.`,
    details: {
      jobs,
      dead_letters: deadLetters,
      quarantined_jobs: quarantinedJobs,
      thread_restarts: threads.reduce((sum, thread) => sum + thread.restarts, 0),
    },
  };
}

function loadWords({ name, cause }: NonNullable<HealthFacts["loadTrouble"]>): string {
  return (
    `${name} cannot load its jobs (${cause}); they are not followed, and it tries again. ` +
    "What is sent is kept in the journal. Check the store's disk, or restore the newest backup."
  );
}

function engineTrouble(facts: HealthFacts): string | null {
  const { caughtUp, deadLetters, quarantinedJobs, threads } = facts;
  const away = threads.find(({ name, phase }) => name.startsWith("shard") && phase !== "running");
  if (away !== undefined && away.lastCause !== null) {
    return `The thread ${away.name} is being replaced (${away.lastCause}); its jobs stand still for a moment.`;
  }
  if (!caughtUp) return "Catching up with the journal.";
  if (quarantinedJobs > 0) {
    return (
      `${quarantinedJobs} ${quarantinedJobs === 1 ? "job is" : "jobs are"} not followed: no alert comes of them. ` +
      "Their rows on the board are unknown and say why; their facts are kept, and tried again at the next start."
    );
  }
  if (deadLetters > 0) return `${deadLetters} facts could not be applied; the source shows which.`;
  return null;
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

function freshness({ lastDataAt, silentSources, now }: HealthFacts): HealthComponent {
  const ageMs = lastDataAt === null ? null : now - lastDataAt;
  const stale = silentSources.length > 0 || (ageMs !== null && ageMs > FRESH_MS);
  const summary =
    silentWords(silentSources) ??
    (ageMs === null
      ? "No source has sent anything yet."
      : `Newest data ${Math.round(ageMs / 1_000)} s old.`);
  return {
    name: "dataFreshness",
    status: stale ? "DEGRADED" : "UP",
    summary,
    details: {
      last_data_update: lastDataAt === null ? null : new Date(lastDataAt).toISOString(),
      silent_sources: silentSources.length,
    },
  };
}

function silentWords([first, ...others]: HealthFacts["silentSources"]): string | null {
  if (first === undefined) return null;
  const since = new Date(first.since).toISOString().slice(11, 16);
  const more = others.length === 0 ? "" : `, and from ${others.length} other sources`;
  return `No data from ${first.name} since ${since} UTC${more}: runs unknown, not failed.`;
}
