import { Pool } from "undici";
import { BenchError } from "../bench-error.ts";
import { commandAnswer } from "../command.ts";
import type { Reading } from "../figure.ts";
import { LatencyHistogram } from "../histogram.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { pace } from "../pacer.ts";
import { addPagingSources } from "../pages/paging-sources.ts";
import { startAlertmanager } from "../pages/alertmanager.ts";
import { pageFloor } from "../pages/page-floor.ts";
import { WebhookReceiver } from "../pages/webhook-receiver.ts";
import { Installation } from "../server.ts";
import { shownCount } from "../shown-count.ts";
import { waitUntil } from "../wait-until.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

/** Incidents a second while single pages are measured. */
const PER_SECOND = 20;
/** Failures that come at once, and tries of the floor. */
interface Size {
  readonly storm: number;
  readonly floor: number;
}

const USUAL: Size = { storm: 1_000, floor: 100 };
const SIZES: Readonly<Record<Form, Size>> = {
  usual: USUAL,
  long: USUAL,
  smoke: { storm: 20, floor: 10 },
};
/** Fewer than three jobs of a source: each is an incident of its own. */
const JOBS_PER_SOURCE = 2;
const WARM_UP = 20;

interface Failure {
  readonly job: string;
  readonly sourceKey: string;
}

/** A request that says that a run has begun and failed. */
interface Sending {
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function failedRun(pool: Pool, { job, sourceKey }: Failure): Sending {
  const now = Date.now();
  const head = { job: { namespace: "bench", name: job }, run: { id: "1" } };
  return {
    pool,
    path: "/api/v1/observations",
    headers: { authorization: `Bearer ${sourceKey}`, "content-type": "application/json" },
    body: JSON.stringify([
      { ...head, kind: "started", at: new Date(now - 1_000).toISOString() },
      { ...head, kind: "failed", at: new Date(now).toISOString(), message: "no input file" },
    ]),
  };
}

function firingAlert(pool: Pool, { job }: Failure): Sending {
  return {
    pool,
    path: "/api/v2/alerts",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ labels: { alertname: "failed", job } }]),
  };
}

async function post({ pool, path, headers, body }: Sending): Promise<void> {
  const answer = await pool.request({ path, method: "POST", headers, body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) {
    throw new BenchError("refused", `${path} answered ${answer.statusCode}: ${text}`);
  }
}

/** One after the other at a steady rate: latency from the intended time of sending to the webhook. */
async function singles(
  failures: readonly Failure[],
  sendingOf: (failure: Failure) => Sending,
  receiver: WebhookReceiver,
): Promise<LatencyHistogram> {
  const intended = new Map<string, number>();
  const answers: Promise<void>[] = [];
  await pace({ perSecond: PER_SECOND, count: failures.length }, (index, intendedAt) => {
    const failure = failures[index];
    if (failure === undefined) return;
    intended.set(failure.job, intendedAt);
    answers.push(post(sendingOf(failure)));
  });
  await Promise.all(answers);
  await arrived(failures, receiver);
  const latencies = new LatencyHistogram();
  for (const { job } of failures.slice(WARM_UP)) {
    latencies.record((receiver.arrivedAt(job) ?? 0) - (intended.get(job) ?? 0));
  }
  return latencies;
}

/** All at once: until the last one has arrived, milliseconds. */
async function storm(
  failures: readonly Failure[],
  sendingOf: (failure: Failure) => Sending,
  receiver: WebhookReceiver,
): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(failures.map((failure) => post(sendingOf(failure))));
  await arrived(failures, receiver);
  return Math.max(...failures.map(({ job }) => receiver.arrivedAt(job) ?? 0)) - startedAt;
}

async function arrived(failures: readonly Failure[], receiver: WebhookReceiver): Promise<void> {
  await waitUntil("every page has arrived", BENCH_OPTIONS.boardTimeoutMs, async () =>
    failures.every(({ job }) => receiver.arrivedAt(job) !== undefined) ? true : null,
  );
}

function readings(
  whose: string,
  latencies: LatencyHistogram,
  stormMs: number,
  size: Size,
  bars: boolean,
): Reading[] {
  const ms = { unit: "ms", better: "lower" } as const;
  return [
    {
      name: `${whose}p50, failed → webhook`,
      value: latencies.percentileMs(50),
      ...(bars && { bar: 5 }),
      ...ms,
    },
    {
      name: `${whose}p99, failed → webhook`,
      value: latencies.percentileMs(99),
      ...(bars && { bar: 15 }),
      ...ms,
    },
    { name: `${whose}longest, failed → webhook`, value: latencies.percentileMs(100), ...ms },
    {
      name: `${whose}${shownCount(size.storm)} failures at once, all delivered`,
      value: stormMs,
      ...(bars && { bar: 1_000 }),
      ...ms,
    },
  ];
}

function failuresOf(prefix: string, count: number, keys: readonly string[]): readonly Failure[] {
  return Array.from({ length: count }, (_, index) => ({
    job: `${prefix}-${index}`,
    sourceKey: keys[Math.floor(index / JOBS_PER_SOURCE)] ?? "",
  }));
}

async function run({ seconds, form, say }: ScenarioContext): Promise<Measured> {
  const size = SIZES[form];
  const single = Math.round(PER_SECOND * seconds) + WARM_UP;
  const receiver = await WebhookReceiver.listen(jobsOfIncident);
  const installation = await Installation.make({
    BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`,
  });
  try {
    const keys = await addPagingSources(
      installation.env["BATCHWATCH_DATA_DIR"] ?? "",
      Math.ceil((single + size.storm) / JOBS_PER_SOURCE),
    );
    const url = `http://127.0.0.1:${receiver.port}/`;
    const webhook = ["webhook", "add", "--name", "bench", "--url", url];
    await commandAnswer(installation.env, webhook, "secret");
    const server = await installation.start("/health/ready");
    const pool = new Pool(server.url, { connections: BENCH_OPTIONS.connections });
    const ofSingles = Math.ceil(single / JOBS_PER_SOURCE);
    const floor = await pageFloor(PER_SECOND, size.floor);
    say(`${single} failures, ${PER_SECOND} a second`);
    const send = (failure: Failure) => failedRun(pool, failure);
    const latencies = await singles(failuresOf("single", single, keys), send, receiver);
    say(`${size.storm} failures at once`);
    const atOnce = failuresOf("storm", size.storm, keys.slice(ofSingles));
    const stormMs = await storm(atOnce, send, receiver);
    const repeated = receiver.repeated;
    await pool.close();
    await server.stop();
    return {
      figures: [
        ...readings("", latencies, stormMs, size, true),
        { name: "pages that came twice", unit: "pages", value: repeated, better: "lower", bar: 0 },
      ],
      peers: [...floor, ...(await alertmanager(single, size, say))],
    };
  } finally {
    receiver.close();
    await installation.remove();
  }
}

/** The same load on Alertmanager, which is told of alerts directly and keeps nothing on disk before it sends. */
async function alertmanager(
  single: number,
  size: Size,
  say: ScenarioContext["say"],
): Promise<readonly Reading[]> {
  const receiver = await WebhookReceiver.listen(jobsOfAlerts);
  const peer = await startAlertmanager(receiver.port);
  try {
    if (peer === null) {
      say("Alertmanager is not installed (Debian package prometheus-alertmanager)");
      return [];
    }
    say("the same with Alertmanager");
    const pool = new Pool(peer.url, { connections: BENCH_OPTIONS.connections });
    const send = (failure: Failure) => firingAlert(pool, failure);
    const latencies = await singles(failuresOf("single", single, []), send, receiver);
    const stormMs = await storm(failuresOf("storm", size.storm, []), send, receiver);
    await pool.close();
    return readings("Alertmanager, ", latencies, stormMs, size, false);
  } finally {
    receiver.close();
    await peer?.stop();
  }
}

function jobsOfIncident(body: unknown): readonly string[] {
  const { type, data } = body as { type?: string; data?: { jobName?: string } };
  return type === "incident.page" && data?.jobName !== undefined ? [data.jobName] : [];
}

function jobsOfAlerts(body: unknown): readonly string[] {
  const { alerts = [] } = body as { alerts?: readonly { labels?: { job?: string } }[] };
  return alerts.flatMap(({ labels }) => labels?.job ?? []);
}

export const page: Scenario = {
  name: "page",
  what: "a failed run until a webhook has it: one at a time, and 1,000 of 1,000 causes at once",
  why: "somebody must know within seconds, and every promise is on disk before it is sent",
  run,
};
