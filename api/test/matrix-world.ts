import { randomUUID } from "node:crypto";
import type { Role, Stores } from "@batchwatch/engine";
import { TestReceiver } from "../src/notify/test-receiver.ts";
import { TestBrowser } from "../src/notify/test-browser.ts";
import { eventually, ServerProcess } from "./server-process.ts";

/** In every word of blue's that nobody of red may see. */
export const HIDDEN = "zzhidden";
/** In the names of blue's jobs, people and team: seen by red only where a chain leads to them. */
export const NAMED = "zznamed";

export const TEAM = { red: "red", blue: `${NAMED}-blue` } as const;
export type Team = keyof typeof TEAM;

export interface Member {
  readonly role: Role;
  readonly team: Team | null;
  readonly userId: string;
  readonly token: string;
}

/** What one team has, by id. */
export interface Things {
  readonly teamId: string;
  readonly sourceId: string;
  readonly requestId: string;
  readonly jobId: string;
  readonly executionId: string;
  readonly incidentId: string;
  readonly notificationId: string;
  readonly subscriptionId: string;
  readonly endpoint: string;
  readonly userId: string;
}

const SECRETS_MODULE = new URL("../dist/auth/secrets.js", import.meta.url).href;
const STORE_MODULE = new URL("../dist/cli/open-store.js", import.meta.url).href;
const TTL_MS = 3_600_000;

/** A real server that two teams share: jobs, runs, chains, incidents, devices, webhooks, lists and what was done with them. */
export class MatrixWorld {
  readonly server: ServerProcess;
  readonly hooks: TestReceiver;
  readonly members: readonly Member[];
  readonly #keys: Readonly<Record<Team | "shared", string>>;
  things!: Readonly<Record<Team, Things>>;
  /** Blue's failed job holds up red's; and a run of red's between two of blue's. */
  chain!: { readonly incidentId: string; readonly executionId: string };

  private constructor(
    server: ServerProcess,
    hooks: TestReceiver,
    members: readonly Member[],
    keys: Readonly<Record<Team | "shared", string>>,
  ) {
    this.server = server;
    this.hooks = hooks;
    this.members = members;
    this.#keys = keys;
  }

  static async start(): Promise<MatrixWorld> {
    const hooks = await TestReceiver.start("http");
    const host = `127.0.0.1:${hooks.port}`;
    const server = await ServerProcess.start({
      BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: host,
      BATCHWATCH_PUSH_ALLOWED_HOSTS: host,
      BATCHWATCH_UPDATE_INTERVAL_MS: "300",
    });
    const members = await addMembers(server);
    const source = (name: string, ...more: string[]) =>
      server.command("source", "add", "--contract", "native", "--name", name, "--paging", ...more);
    const keys = {
      red: (await source("red source", "--team", TEAM.red))["key"] ?? "",
      blue: (await source(`${HIDDEN} source`, "--team", TEAM.blue))["key"] ?? "",
      shared: (await source("shared source"))["key"] ?? "",
    };
    for (const team of ["red", "blue"] as const) {
      const url = `http://${host}/${team}`;
      const name = `${team === "blue" ? HIDDEN : "red"} hook`;
      await server.command("webhook", "add", "--name", name, "--url", url, "--team", TEAM[team]);
    }
    await eventually(
      () => server.post("/api/v1/observations", keys.shared, "[]"),
      ({ status }) => status === 202,
    );
    const world = new MatrixWorld(server, hooks, members, keys);
    await server.ready();
    await world.#happen();
    return world;
  }

  member(role: Role, team: Team | null = null): Member {
    const found = this.members.find((one) => one.role === role && one.team === team);
    if (found === undefined) throw new Error(`There is no ${role} of ${team}.`);
    return found;
  }

  client({ token }: Member): ReturnType<ServerProcess["client"]> {
    return this.server.client(token);
  }

  /** The store itself, beside the server. */
  async stores<T>(use: (stores: Stores) => Promise<T>): Promise<T> {
    return withStores(this.server, use);
  }

  async fact(by: Team | "shared", fact: object): Promise<void> {
    const body = JSON.stringify([{ at: new Date().toISOString(), ...fact }]);
    const response = await this.server.post("/api/v1/observations", this.#keys[by], body);
    const answer = (await response.json()) as { accepted?: number };
    if (answer.accepted !== 1) throw new Error(`refused: ${JSON.stringify(answer)}`);
  }

  async stop(): Promise<void> {
    await this.server.remove();
    await this.hooks.stop();
  }

  /** Everything that a team's night leaves behind; the same for both. */
  async #happen(): Promise<void> {
    await Promise.all([this.wakes("red"), this.wakes("blue")]);
    await this.#chains();
    const red = await this.#night("red");
    const blue = await this.#night("blue");
    this.things = { red, blue };
  }

  /** A device that wakes the team's on-call person, by id: whatever ends their sessions takes it away. */
  async wakes(team: Team): Promise<string> {
    const { trpc, close } = this.client(this.member("on-call", team));
    const browser = new TestBrowser();
    const { subscriptionId } = await trpc.push.subscribe.mutate({
      endpoint: `http://127.0.0.1:${this.hooks.port}/push/${wordOf(team)}`,
      p256dh: browser.p256dh,
      auth: browser.auth,
      label: `${wordOf(team)} phone`,
    });
    close();
    return subscriptionId;
  }

  /** A job that fails, with every kind of word there is, and what its people say to it. */
  async #night(team: Team): Promise<Things> {
    const word = wordOf(team);
    const name = `${team === "blue" ? NAMED : "red"} nightly`;
    const job = { name, namespace: `${word} space` };
    const run = { id: `${word}-1` };
    const full = {
      params: { businessDate: "2026-11-11", file: `${word}.csv` },
      metrics: { [`${word} metric`]: 1 },
      datasets: { in: [{ namespace: word, name: `${word} in` }] },
    };
    await this.fact(team, { job, run, kind: "started", ...full });
    await this.fact(team, { job, run, kind: "started", stage: { name: `${word} stage` } });
    await this.fact(team, { job, run, kind: "failed", message: `${word} words`, exitCode: word });
    const { trpc, close } = this.client(this.member("on-call", team));
    const lead = this.client(this.member("team-lead", team));
    const { items } = await eventually(
      () => trpc.incidents.list.query({ limit: 50 }),
      (page) => page.items.some((one) => one.jobName === name),
    );
    const incident = items.find((one) => one.jobName === name);
    const incidentId = incident?.incidentId ?? "";
    const target = { commandId: randomUUID(), incidentId };
    await trpc.incidents.acknowledge.mutate(target);
    await trpc.incidents.comment.mutate({
      ...target,
      commandId: randomUUID(),
      text: `${word} note`,
    });
    const change = { firstStep: `${word} step`, runbookUrl: `https://${word}.bank.example/` };
    const jobId = incident?.jobId ?? "";
    const ask = { commandId: randomUUID(), jobId, reason: `${word} reason` };
    await lead.trpc.jobs.configure.mutate({ ...ask, change });
    const { userId } = this.member("on-call", team);
    await lead.trpc.oncall.setList.mutate({
      commandId: randomUUID(),
      teamId: TEAM[team],
      userIds: [userId],
    });
    const [device] = await trpc.push.devices.query();
    const view = await eventually(
      () => trpc.incidents.get.query({ incidentId }),
      ({ deliveries }) => deliveries.length > 0,
    );
    close();
    lead.close();
    return {
      teamId: TEAM[team],
      sourceId: await this.#sourceOf(team),
      requestId: await this.#requestAbout(jobId),
      jobId,
      executionId: incident?.executionId ?? "",
      incidentId,
      notificationId: view.deliveries[0]?.notificationId ?? "",
      subscriptionId: device?.subscriptionId ?? "",
      endpoint: `http://127.0.0.1:${this.hooks.port}/push/${word}`,
      userId,
    };
  }

  async #sourceOf(team: Team): Promise<string> {
    const { trpc, close } = this.client(this.member("operations-manager"));
    const { items } = await trpc.sources.list.query();
    close();
    return items.find(({ name }) => name === `${wordOf(team)} source`)?.sourceId ?? "";
  }

  /** A change request about this job, where there are any. */
  async #requestAbout(jobId: string): Promise<string> {
    const { trpc, close } = this.client(this.member("operations-manager"));
    const page = await trpc.approvals.list.query({ limit: 50 }).catch(() => ({ items: [] }));
    close();
    return page.items.find(({ subjectId }) => subjectId === jobId)?.requestId ?? "none";
  }

  /** A run of red's under one of blue's and over another; and a job of red's that reads what a failing one of blue's writes. */
  async #chains(): Promise<void> {
    const blue = (name: string) => ({
      name: `${NAMED} ${name}`,
      namespace: "chain",
      team: TEAM.blue,
    });
    const red = (name: string) => ({ name: `red ${name}`, namespace: "chain", team: TEAM.red });
    const words = { message: `${HIDDEN} words`, params: { secret: HIDDEN } };
    const parentOf = (job: { readonly name: string; readonly namespace: string }, id: string) => ({
      parent: { job: { name: job.name, namespace: job.namespace }, run: { id } },
    });
    await this.fact("shared", { job: blue("top"), run: { id: "t" }, kind: "started", ...words });
    const middle = { id: "m", ...parentOf(blue("top"), "t") };
    await this.fact("shared", { job: red("middle"), run: middle, kind: "started" });
    const bottom = { id: "b", ...parentOf(red("middle"), "m") };
    await this.fact("shared", { job: blue("bottom"), run: bottom, kind: "started", ...words });

    const data = [{ namespace: "dwh", name: "positions" }];
    const writer = { job: blue("writer"), datasets: { out: data } };
    const reader = { job: red("reader"), datasets: { in: data } };
    for (const one of [writer, reader]) {
      await this.fact("shared", { ...one, run: { id: "0" }, kind: "started" });
      await this.fact("shared", { ...one, run: { id: "0" }, kind: "succeeded" });
    }
    const { trpc, close } = this.client(this.member("operations-manager"));
    const runs = await eventually(
      () => trpc.runs.list.query({ limit: 50 }),
      ({ items }) => items.filter(({ state }) => state === "succeeded").length === 2,
    );
    await this.fact("shared", { ...writer, run: { id: "1" }, kind: "started", ...words });
    const stage = { name: HIDDEN };
    await this.fact("shared", { job: writer.job, run: { id: "1" }, kind: "started", stage });
    await this.fact("shared", { ...writer, run: { id: "1" }, kind: "failed", ...words });
    const incidents = () => trpc.incidents.list.query({ limit: 50 });
    const { items } = await eventually(incidents, (page) => page.items.length === 1);
    const incidentId = items[0]?.incidentId ?? "";
    await this.fact("shared", { ...reader, run: { id: "1" }, kind: "started" });
    await this.fact("shared", {
      ...reader,
      run: { id: "1" },
      kind: "failed",
      message: "no positions",
    });
    await eventually(incidents, (page) => page.items[0]?.jobs === 2);
    const people = this.client(this.member("on-call", "blue"));
    const target = { commandId: randomUUID(), incidentId };
    await people.trpc.incidents.acknowledge.mutate(target);
    const text = `${HIDDEN} note`;
    await people.trpc.incidents.comment.mutate({ ...target, commandId: randomUUID(), text });
    people.close();
    const run = runs.items.find(({ jobName }) => jobName === "red middle");
    this.chain = { incidentId, executionId: run?.executionId ?? "" };
    close();
  }
}

function wordOf(team: Team): string {
  return team === "blue" ? HIDDEN : "red";
}

async function withStores<T>(
  server: ServerProcess,
  use: (stores: Stores) => Promise<T>,
): Promise<T> {
  const { withStores: open } = (await import(STORE_MODULE)) as {
    withStores: (env: NodeJS.ProcessEnv, use: (stores: Stores) => Promise<T>) => Promise<T>;
  };
  return open({ ...process.env, BATCHWATCH_DATA_DIR: server.dataDir }, use);
}

/** One of each role, and of the roles of a team one a team. */
async function addMembers(server: ServerProcess): Promise<readonly Member[]> {
  const { newToken, hashSecret } = (await import(SECRETS_MODULE)) as {
    newToken: () => string;
    hashSecret: (secret: string) => string;
  };
  const wanted: readonly (readonly [Role, Team | null])[] = [
    ["team-lead", "red"],
    ["on-call", "red"],
    ["team-lead", "blue"],
    ["on-call", "blue"],
    ["operations-manager", null],
    ["auditor", null],
    ["administrator", null],
    ["display", null],
  ];
  const members = await withStores(server, async ({ identity }) => {
    const made: Member[] = [];
    for (const [role, team] of wanted) {
      const name = team === "blue" ? `${NAMED} ${role}` : `Red ${role}`;
      const teams = team === null ? [] : [team === "blue" ? `${NAMED} blue` : "Red"];
      const now = Date.now();
      const { userId } = await identity.addUser(name, role, teams, now);
      const token = newToken();
      const tokenHash = hashSecret(token);
      await identity.addToken({ tokenHash, userId, kind: "bearer", expiresAt: now + TTL_MS }, now);
      made.push({ role, team, userId, token });
    }
    return made;
  });
  const last = members.at(-1)?.token ?? "";
  await eventually(
    () => fetch(`${server.url}/trpc/me.get`, { headers: { authorization: `Bearer ${last}` } }),
    ({ status }) => status === 200,
    2_000,
  );
  return members;
}
