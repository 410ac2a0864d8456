import { type Alert, SERVICE_TEAM_ID } from "@batchwatch/engine";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { VitalReports } from "../trpc/vitals.ts";
import { Metrics, pageLoadOf } from "./metrics.ts";
import { sourcesSeen } from "./sources-seen.ts";
import { METRIC_FACTS, NOW } from "./test-metric-facts.ts";

let gathered: number;
let metrics: Metrics;
beforeEach(() => {
  gathered = 0;
  metrics = new Metrics(() => {
    gathered += 1;
    return METRIC_FACTS;
  });
});

/** The value of one line; null where there is none. */
async function value(line: string): Promise<number | null> {
  const text = await metrics.text();
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
}

describe("what /metrics says [S66]", () => {
  it.each([
    ["monitoring_websocket_active_connections", 7],
    ["batchwatch_journal_unsaved_records", 11],
    ["batchwatch_journal_unread_records", 5],
    ["batchwatch_journal_oldest_age_seconds", 60],
    ["batchwatch_unsaved_jobs", 2],
    ["batchwatch_unit_oldest_age_seconds", 1.5],
    ["batchwatch_outbox_pending", 4],
    ["batchwatch_outbox_dead", 1],
    ["batchwatch_outbox_oldest_age_seconds", 2],
    ['batchwatch_source_last_fact_age_seconds{source="s-1"}', 30],
    ['batchwatch_event_loop_delay_seconds{at="p99"}', 0.02],
    ['batchwatch_thread_delay_max_seconds{thread="log"}', 0.04],
    ['batchwatch_thread_restarts_total{thread="log"}', 2],
    ['batchwatch_wal_bytes{file="store"}', 3],
    ["batchwatch_audit_seq", 12],
  ])("%s", async (line, wanted) => {
    expect(await value(line)).toBe(wanted);
  });

  it("is gathered once for each scrape", async () => {
    await metrics.text();
    expect(gathered).toBe(1);
    await metrics.text();
    expect(gathered).toBe(2);
  });

  it("has no label but these, whatever was counted", async () => {
    metrics.answered("/ack/:token", 404);
    metrics.callRefused("jobs.list", "FORBIDDEN");
    metrics.alertsChanged([alert()]);
    metrics.pageLoaded(pageLoadOf({ shownMs: 900, from: "device", lcpMs: 800 }));
    const text = await metrics.text();
    const own = text.split("\n").filter((line) => /^(batchwatch|monitoring)_/.test(line));
    const labels = new Set(
      own.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map((m) => m[1])),
    );
    expect([...labels].sort()).toEqual(
      "at code file from kind le procedure route rule severity source status thread vital".split(
        " ",
      ),
    );
    expect(text).not.toContain("Payments EOD");
  });
});

it("each figure of ours is in the README's table, and nothing else [S66]", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const cells = readme.split("\n").filter((line) => /^\| `(batchwatch|monitoring)_/.test(line));
  const told = cells.flatMap((line) =>
    // Braces behind `_` hold parts of names, others labels.
    Array.from(
      line.matchAll(/`((?:batchwatch|monitoring)_\w+)(?:(?<=_)\{([^}]*)\}(\w*))?/g),
      ([, name = "", parts = "", rest = ""]) => parts.split(",").map((part) => name + part + rest),
    ).flat(),
  );
  const text = await metrics.text();
  const ours = Array.from(text.matchAll(/^# TYPE ((?:batchwatch|monitoring)_\w+) /gm), (m) => m[1]);
  expect(ours.length).toBeGreaterThan(30);
  expect(told.sort()).toEqual(ours.sort());
});

function alert(more: Partial<Alert> = {}): Alert {
  return {
    alertId: "a-1",
    rule: "failed",
    subject: "run-1",
    firing: true,
    since: NOW,
    endedAt: null,
    ending: null,
    openings: 1,
    version: 1,
    handledVersion: 0,
    incidentId: null,
    reason: null,
    card: { jobName: "Payments EOD", teamId: "payments", tier: 1 } as Alert["card"],
    ...more,
  };
}

describe("monitoring_alerts_triggered_total", () => {
  const HIGHEST = 'monitoring_alerts_triggered_total{rule="failed",severity="CRITICAL"}';

  it("counts an alert once for each time that it begins to hold", async () => {
    metrics.alertsChanged([alert()]);
    metrics.alertsChanged([alert({ version: 2 }), alert({ version: 3, firing: false })]);
    expect(await value(HIGHEST)).toBe(1);
    metrics.alertsChanged([alert({ version: 4, openings: 2 })]);
    expect(await value(HIGHEST)).toBe(2);
  });

  it("counts by severity, and neither what an incident has already nor the canary", async () => {
    metrics.alertsChanged([
      alert({ alertId: "a-2", rule: "source-silent", card: { ...alert().card, tier: 2 } }),
      alert({ alertId: "a-3", incidentId: "i-1", openings: 4 }),
      alert({ alertId: "a-4", card: { ...alert().card, teamId: SERVICE_TEAM_ID } }),
    ]);
    expect(await value(HIGHEST)).toBeNull();
    expect(
      await value('monitoring_alerts_triggered_total{rule="source-silent",severity="MEDIUM"}'),
    ).toBe(1);
  });
});

describe("refusals", () => {
  it("are counted by route, procedure and status; sign-ins by their result", async () => {
    metrics.answered("/auth/sign-in", 200);
    metrics.answered("/auth/sign-in", 401);
    metrics.answered("/auth/sign-in", 429);
    metrics.answered("/auth/sign-in", 503);
    metrics.answered("/health", 200);
    metrics.socketRefused(403);
    const signIns = (result: string) =>
      value(`batchwatch_sign_ins_total{route="/auth/sign-in",result="${result}"}`);
    expect(await signIns("ok")).toBe(1);
    expect(await signIns("refused")).toBe(1);
    expect(await signIns("limited")).toBe(1);
    expect(await signIns("failed")).toBe(1);
    const refused = 'batchwatch_requests_refused_total{route="/auth/sign-in",status="401"}';
    expect(await value(refused)).toBe(1);
    expect(
      await value('batchwatch_requests_refused_total{route="/health",status="200"}'),
    ).toBeNull();
    expect(await value('batchwatch_sockets_refused_total{status="403"}')).toBe(1);
  });
});

describe("monitoring_dashboard_load_time_seconds", () => {
  const person = (userId: string) =>
    ({ userId, name: "Duty Operator", role: "on-call", teamIds: [] }) as const;

  it("takes what pages report, so many from one person in a minute", async () => {
    const clock = { now: NOW };
    const reports = new VitalReports(
      (report) => metrics.pageLoaded(pageLoadOf(report)),
      () => clock.now,
    );
    const give = (userId: string) =>
      reports.report(person(userId), { shownMs: 1_200, from: "server", ttfbMs: 90, inpMs: null });
    const most = API_LIMITS.vitalsPerUserAndMinute;
    const kept = Array.from({ length: most + 3 }, () => give("a")).filter(Boolean).length;
    expect([kept, give("b")]).toEqual([most, true]);
    clock.now += 60_000;
    expect(give("a")).toBe(true);
    const count = 'monitoring_dashboard_load_time_seconds_count{from="server"}';
    expect(await value(count)).toBe(most + 2);
    expect(await value('monitoring_dashboard_load_time_seconds_bucket{le="1",from="server"}')).toBe(
      0,
    );
    expect(
      await value('monitoring_dashboard_load_time_seconds_bucket{le="1.5",from="server"}'),
    ).toBe(most + 2);
    expect(await value('monitoring_web_vital_seconds_count{vital="ttfb"}')).toBe(most + 2);
    expect(await value('monitoring_web_vital_seconds_count{vital="inp"}')).toBeNull();
  });
});

test("freshness is shown for the sources heard of last, so many of them", () => {
  const sources = [
    { sourceId: "a", lastSeenAt: 10 },
    { sourceId: "b", lastSeenAt: null },
    { sourceId: "c", lastSeenAt: 30 },
    { sourceId: "d", lastSeenAt: null },
  ];
  const seen = sourcesSeen(
    sources,
    new Map([
      ["a", 40],
      ["b", 20],
      ["gone", 90],
    ]),
    2,
  );
  expect([...seen]).toEqual([
    ["a", 40],
    ["c", 30],
  ]);
});

/** Debian's `prometheus` package has it; `.ci/run` installs it where it can. */
function promtool(text: string): string | null {
  try {
    return execFileSync("promtool", ["check", "metrics"], {
      input: text,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    const { code, stderr, stdout } = error as { code?: string; stderr?: string; stdout?: string };
    return code === "ENOENT" ? null : `${stdout ?? ""}${stderr ?? ""}failed`;
  }
}

test("a real Prometheus finds nothing wrong with it (promtool)", async ({ skip }) => {
  metrics.answered("/auth/sign-in", 401);
  metrics.alertsChanged([alert()]);
  metrics.pageLoaded(pageLoadOf({ shownMs: 900, from: "device", lcpMs: 800 }));
  const verdict = promtool(await metrics.text());
  skip(verdict === null, "there is no promtool; Debian's package prometheus has it");
  // The library's own figures of Node keep the names that dashboards know.
  const ours = (verdict ?? "").split("\n").filter((line) => !line.startsWith("nodejs_"));
  expect(ours.filter((line) => line !== "" && line !== "failed")).toEqual([]);
});
