import { setTimeout as delay } from "node:timers/promises";
import { Child } from "../child-process.ts";
import type { Reading } from "../figure.ts";
import { freePort } from "../free-port.ts";
import { Changes } from "../load/changes.ts";
import { nextMessage } from "../next-message.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import { Phones, type PhonesResult, usersFor } from "../phones/phones.ts";
import { Installation, type Server } from "../server.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

const CHANGES_PER_SECOND = 200;
interface Size {
  readonly clients: number;
  readonly barMs: number;
  /** The server's own tick at this size, so that the floor gathers as long. */
  readonly tickMs: number;
  /** Whether memory is told: few clients need less of it than the server's own noise. */
  readonly memory: boolean;
}

const USUAL: readonly Size[] = [
  { clients: 50, barMs: 100, tickMs: 25, memory: false },
  { clients: 500, barMs: 300, tickMs: 100, memory: true },
  { clients: 2_000, barMs: 1_000, tickMs: 250, memory: true },
];
const SIZES: Readonly<Record<Form, readonly Size[]>> = {
  usual: USUAL,
  long: USUAL,
  smoke: [{ clients: BENCH_OPTIONS.phonesPerUser, barMs: 100, tickMs: 25, memory: true }],
};
const MEMORY_BAR_KIB = 40;
/** For the server's memory to come to rest, and for the last changes to arrive. */
const REST_MS = 1_500;
const FLOOR_SECONDS_MAX = 5;

interface Observed extends PhonesResult {
  readonly kibPerClient: number | null;
}

async function memoryPerClient(
  server: Server,
  before: number | null,
  clients: number,
): Promise<number | null> {
  const after = await server.residentBytes();
  return before === null || after === null ? null : (after - before) / clients / 1_024;
}

async function observed(
  installation: Installation,
  tokens: readonly string[],
  size: Size,
  seconds: number,
): Promise<Observed> {
  const server = await installation.start();
  const { url, sourceKey: key } = installation;
  const count = Math.round(seconds * CHANGES_PER_SECOND);
  const changes = new Changes({ url, key, perSecond: CHANGES_PER_SECOND, count });
  try {
    await changes.begin();
    await delay(REST_MS);
    const before = await server.residentBytes();
    const phones = await Phones.open(`${url.replace("http", "ws")}/trpc`, size.clients, tokens);
    try {
      await delay(REST_MS);
      const kibPerClient = await memoryPerClient(server, before, size.clients);
      await changes.send();
      await delay(REST_MS);
      return { ...(await phones.report()), kibPerClient };
    } finally {
      await phones.close();
    }
  } finally {
    await changes.close();
    await server.stop();
  }
}

/** The same frames from a process that only sends them. */
async function floorOf(size: Size, seconds: number): Promise<PhonesResult> {
  const port = await freePort();
  const count = Math.round(seconds * CHANGES_PER_SECOND);
  const args = [port, size.tickMs, CHANGES_PER_SECOND, count].map(String);
  const child = new Child(process.execPath, [PATHS.child("broadcast-floor"), ...args], {
    messages: true,
  });
  try {
    await nextMessage(child, BENCH_OPTIONS.childReadyTimeoutMs);
    const phones = await Phones.open(`ws://127.0.0.1:${port}`, size.clients, []);
    try {
      const sent = nextMessage(child, seconds * 1_000 + BENCH_OPTIONS.requestTimeoutMs);
      child.process.send({ type: "start" });
      await sent;
      await delay(REST_MS);
      return await phones.report();
    } finally {
      await phones.close();
    }
  } finally {
    await child.stop();
  }
}

function figuresOf(size: Size, found: Observed, count: number): readonly Reading[] {
  const ms = { unit: "ms", better: "lower" } as const;
  const at = `${size.clients} clients`;
  const figures: Reading[] = [
    { name: `p50, ${at}`, value: found.latency.percentileMs(50), ...ms },
    { name: `p99, ${at}`, value: found.latency.percentileMs(99), bar: size.barMs, ...ms },
    {
      name: `p99 in the client library, ${at}`,
      value: found.clientLatency.percentileMs(99),
      ...ms,
    },
    {
      name: `changes missed by the worst client, ${at}`,
      unit: "changes",
      value: Math.max(0, count - found.fewest),
      bar: 0,
      better: "lower",
    },
    {
      name: `connections lost, ${at}`,
      unit: "sockets",
      value: found.lost,
      bar: 0,
      better: "lower",
    },
  ];
  if (found.kibPerClient !== null && size.memory) {
    figures.push({
      name: `server memory a client, ${at}`,
      unit: "KiB",
      value: found.kibPerClient,
      bar: MEMORY_BAR_KIB,
      better: "lower",
    });
  }
  return figures;
}

async function run({ seconds, form, say }: ScenarioContext): Promise<Measured> {
  const sizes = SIZES[form];
  const largest = Math.max(...sizes.map(({ clients }) => clients));
  const installation = await Installation.make({
    BATCHWATCH_MAX_CONNECTIONS: String(2 * largest),
  });
  const figures: Reading[] = [];
  const peers: Reading[] = [];
  try {
    const users = usersFor(largest);
    say(`${users} users are made`);
    const tokens = await installation.addUsers(users);
    for (const size of sizes) {
      say(`${size.clients} clients: ${seconds} s`);
      const found = await observed(installation, tokens, size, seconds);
      figures.push(...figuresOf(size, found, Math.round(seconds * CHANGES_PER_SECOND)));
      const floor = await floorOf(size, Math.min(seconds, FLOOR_SECONDS_MAX));
      const ms = { unit: "ms", better: "lower" } as const;
      const at = `broadcast only, ${size.clients} clients`;
      peers.push(
        { name: `p50, ${at}`, value: floor.latency.percentileMs(50), ...ms },
        { name: `p99, ${at}`, value: floor.latency.percentileMs(99), ...ms },
      );
    }
    return { figures, peers };
  } finally {
    await installation.remove();
  }
}

export const live: Scenario = {
  name: "live",
  what: `change sent → seen by every client, ${CHANGES_PER_SECOND} changes/s, 50 / 500 / 2,000 clients`,
  why: "everybody looks at the board when something is wrong",
  run,
};
