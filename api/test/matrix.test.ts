import { randomUUID } from "node:crypto";
import { type Role, ROLES, TEAM_ROLES } from "@batchwatch/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROCEDURE_RULES, type ProcedurePath } from "../src/auth/policy.ts";
import { PROCEDURE_REACH } from "../src/auth/procedure-reach.ts";
import { type Answer, callAs, type CallType, leaksIn } from "./matrix-calls.ts";
import { LAST, MATRIX_INPUTS, NOTHING } from "./matrix-inputs.ts";
import {
  HIDDEN,
  MatrixWorld,
  type Member,
  NAMED,
  type Team,
  TEAM,
  type Things,
} from "./matrix-world.ts";
import { eventually } from "./server-process.ts";

/** What a caller who may call is told of an input that does not fit what is there. */
const UNFIT: ReadonlySet<string> = new Set(["BAD_REQUEST", "CONFLICT", "PRECONDITION_FAILED"]);

/** Of the caller's own, those that are named by an id. */
const BY_ID: ReadonlySet<ProcedurePath> = new Set([
  "push.unsubscribe",
  "push.remove",
  "push.test",
  "push.receipt",
  "me.endSession",
  "me.unpairDevice",
]);

const ROUTER = new URL("../dist/trpc/router.js", import.meta.url).href;
let world: MatrixWorld;
let types: ReadonlyMap<string, CallType>;
beforeAll(async () => {
  const { appRouter } = (await import(ROUTER)) as {
    appRouter: { _def: { procedures: Record<string, { _def: { type: CallType } }> } };
  };
  types = new Map(
    Object.entries(appRouter._def.procedures).map(([path, { _def }]) => [path, _def.type]),
  );
  world = await MatrixWorld.start();
}, 240_000);
afterAll(() => world?.stop());

const paths = (Object.keys(MATRIX_INPUTS) as ProcedurePath[]).sort(
  (a, b) => Number(LAST.has(a)) - Number(LAST.has(b)),
);
const RED: readonly (readonly [Role, Team])[] = [
  ["team-lead", "red"],
  ["on-call", "red"],
];
const EVERYWHERE = ROLES.filter((role) => !TEAM_ROLES.has(role));

function ask(member: Member, path: ProcedurePath, of: Things): Promise<Answer> {
  const type = types.get(path) ?? "query";
  return callAs(world.server.url, member, path, type, MATRIX_INPUTS[path](of));
}

function mayCall(role: Role, path: ProcedurePath): boolean {
  return (PROCEDURE_RULES[path] as readonly Role[]).includes(role);
}

/** Ids that only tell which of several was asked for. */
function plain({ code, text }: Answer, of: Things): string {
  const ids = Object.values(of) as readonly string[];
  return ids.reduce((left, id) => left.replaceAll(id, "ID"), `${code} ${text}`);
}

function expectLetThrough(cell: readonly unknown[], { code, text }: Answer): void {
  if (isOwnRefusal({ code, text })) return;
  expect([...cell, UNFIT.has(code) ? "OK" : code, text.slice(0, 300)]).toEqual([
    ...cell,
    "OK",
    text.slice(0, 300),
  ]);
}

/** Not of the role, but of this person and this thing: who may not decide on their own request, for example. */
function isOwnRefusal({ code, text }: Answer): boolean {
  return code === "FORBIDDEN" && !text.startsWith("The role ");
}

it("who leaves a team is told no more, and the reason is kept [S61]", async () => {
  const { userId } = world.member("on-call", "blue");
  const ofCaller = () =>
    world.stores(async ({ outbox }) =>
      (await outbox.list({}, 200, null)).items.filter(
        (one) => one.userId === userId && one.kind === "page" && one.card.jobName.endsWith("late"),
      ),
    );
  // The first attempt fails, and the next is made when they are of the team no more.
  world.hooks.answer = (_taken, response) => response.writeHead(503, { "retry-after": "3" }).end();
  const job = { name: `${NAMED} late` };
  await world.fact("blue", { job, run: { id: "1" }, kind: "failed", message: "late" });
  await eventually(ofCaller, ([page]) => page?.attempts === 1);
  await moves(userId, "Red");
  world.hooks.answer = (_taken, response) => response.writeHead(204).end();
  const [page] = await eventually(ofCaller, ([one]) => one?.state === "DEAD", 30_000);
  expect(page?.lastError).toContain("may not answer for this incident any more");
  expect(page?.sentAt).toBeNull();
  await moves(userId, `${NAMED} blue`);
}, 60_000);

/** Makes this person one of another team: in set-up mode at once. */
function moves(userId: string, team: string): Promise<void> {
  const { userId: adminId } = world.member("administrator");
  return world.stores(async ({ approvals }) => {
    const payload = { userId, role: "on-call", teamNames: [team] } as const;
    const how = { reason: "moves", mode: "break-glass", takesBack: null } as const;
    const by = { userId: adminId, name: "Red administrator", commandId: randomUUID() };
    await approvals.propose({ kind: "user-change", payload }, by, how, Date.now());
  });
}

describe("two teams on one server [S61]", () => {
  it("every procedure of the router is in it, and in the tables", () => {
    const all = [...types.keys()].sort();
    expect(Object.keys(MATRIX_INPUTS).sort()).toEqual(all);
    expect(Object.keys(PROCEDURE_REACH).sort()).toEqual(all);
    expect(Object.keys(PROCEDURE_RULES).sort()).toEqual(all);
    for (const path of paths) {
      const isForAll = PROCEDURE_REACH[path] === "every-team";
      const isOpenToTeams = [...TEAM_ROLES].some((role) => mayCall(role, path));
      expect([path, isForAll && isOpenToTeams]).toEqual([path, false]);
    }
  });

  it.each(RED)(
    "the %s of %s gets nothing of the other team, and changes nothing of it",
    async (role) => {
      const member = world.member(role, "red");
      const { blue } = world.things;
      const before = await stateOf(blue);
      for (const path of paths) {
        const [nothing, foreign] = [
          await ask(member, path, NOTHING),
          await ask(member, path, blue),
        ];
        const cell = [path, role];
        if (!mayCall(role, path)) {
          expect([...cell, nothing.code, foreign.code]).toEqual([
            ...cell,
            "FORBIDDEN",
            "FORBIDDEN",
          ]);
          continue;
        }
        // What they asked for is theirs to read again.
        const shown = { ...foreign, text: foreign.text.replaceAll(blue.teamId, "") };
        expect([...cell, ...leaksIn(nothing), ...leaksIn(shown)]).toEqual(cell);
        switch (PROCEDURE_REACH[path]) {
          case "own-thing":
            expect([...cell, foreign.code]).toEqual([...cell, "NOT_FOUND"]);
            expect([...cell, plain(foreign, blue)]).toEqual([...cell, plain(nothing, NOTHING)]);
            break;
          case "own-team":
            expect([...cell, foreign.code]).toEqual([...cell, "FORBIDDEN"]);
            expect([...cell, plain(foreign, blue)]).toEqual([...cell, plain(nothing, NOTHING)]);
            break;
          case "self":
            if (BY_ID.has(path)) expect(plain(foreign, blue)).toEqual(plain(nothing, NOTHING));
            break;
          default:
            if (!isGone(path, foreign)) expectLetThrough(cell, foreign);
        }
      }
      expect(await stateOf(blue)).toEqual(before);
    },
  );

  it.each(RED)("the %s of %s is let through to their own", async (role) => {
    const member = world.member(role, "red");
    const red = { ...world.things.red, subscriptionId: await world.wakes("red") };
    const isOwner = red.userId === member.userId;
    for (const path of paths) {
      const answer = await ask(member, path, red);
      const cell = [path, role];
      if (!mayCall(role, path)) expect([...cell, answer.code]).toEqual([...cell, "FORBIDDEN"]);
      else if (path === "push.test" && !isOwner) expect(answer.code).toBe("NOT_FOUND");
      else if (!isGone(path, answer)) expectLetThrough(cell, answer);
      expect([...cell, ...leaksIn(answer)]).toEqual(cell);
    }
  });

  it.each(EVERYWHERE)("the %s is let through to both teams, or to none", async (role) => {
    const member = world.member(role);
    for (const path of paths) {
      for (const team of ["red", "blue"] as const) {
        const answer = await ask(member, path, world.things[team]);
        const cell = [path, role, team];
        if (!mayCall(role, path)) expect([...cell, answer.code]).toEqual([...cell, "FORBIDDEN"]);
        else if (path === "push.test")
          expect([...cell, answer.code]).toEqual([...cell, "NOT_FOUND"]);
        else if (!isGone(path, answer)) expectLetThrough(cell, answer);
      }
    }
  });

  it("nobody gets in without a token, to any of it", async () => {
    for (const path of paths) {
      const answer = await ask({ token: "" } as Member, path, world.things.red);
      expect([path, answer.code]).toEqual([path, "UNAUTHORIZED"]);
    }
  });
});

describe("another team's words [S61]", () => {
  const readers = () => RED.map(([role, team]) => world.member(role, team));
  const query = async (member: Member, path: ProcedurePath, input: unknown) => {
    const type = types.get(path) ?? "query";
    return callAs(world.server.url, member, path, type, input);
  };

  it("are there to be found: whoever sees every team meets them", async () => {
    const manager = world.member("operations-manager");
    for (const path of [
      "dashboard.get",
      "jobs.list",
      "runs.get",
      "incidents.get",
      "sources.list",
    ] as const) {
      const { text } = await ask(manager, path, world.things.blue);
      expect([path, text.includes(HIDDEN) || text.includes(NAMED)]).toEqual([path, true]);
    }
    const { text } = await query(manager, "live.changes", { lastEventId: await startOf(manager) });
    expect(text).toContain(HIDDEN);
    const own = await ask(world.member("on-call", "blue"), "incidents.get", world.things.blue);
    expect(own.text).toContain(`${HIDDEN} note`);
  });

  it("are in no snapshot, no live change, no count and no search of the others", async () => {
    for (const member of readers()) {
      const lastEventId = await startOf(member);
      const answers = [
        await query(member, "dashboard.get", undefined),
        await query(member, "live.changes", { lastEventId }),
        await query(member, "jobs.list", { limit: 50, filter: { text: HIDDEN } }),
        await query(member, "jobs.list", { limit: 50, filter: { text: NAMED } }),
        await query(member, "runs.list", { limit: 200 }),
        await query(member, "incidents.list", { limit: 200 }),
        await query(member, "runs.get", { executionId: world.chain.executionId }),
        await query(member, "incidents.get", { incidentId: world.chain.incidentId }),
        await query(member, "incidents.whyNotPaged", { incidentId: world.chain.incidentId }),
      ];
      for (const answer of answers) {
        expect(answer.code).toBe("OK");
        expect(leaksIn(answer)).toEqual([]);
      }
      const [dashboard, live, hidden, named] = answers.map(({ text }) => text);
      expect(live).toContain("red words");
      for (const found of [hidden, named]) {
        expect(JSON.parse(found ?? "")).toEqual({ items: [], nextCursor: null });
      }
      const board = JSON.parse(dashboard ?? "") as {
        readonly activeJobs: readonly unknown[];
        readonly recentCompletions: readonly { readonly teamId: string }[];
        readonly performanceMetrics: {
          readonly activeCount: number;
          readonly succeededLastHour: number;
        };
      };
      expect(board.performanceMetrics.activeCount).toBe(board.activeJobs.length);
      expect(new Set(board.recentCompletions.map(({ teamId }) => teamId))).toEqual(
        new Set([TEAM.red]),
      );
      expect(board.performanceMetrics.succeededLastHour).toBe(1);
    }
  });

  it.each(["jobs.list", "runs.list", "incidents.list"] as const)(
    "are behind no cursor of %s, whoever it was made for",
    async (path) => {
      const manager = world.member("operations-manager");
      const cursors: (string | null)[] = [null];
      for (;;) {
        const { text } = await query(manager, path, { limit: 1, cursor: cursors.at(-1) });
        const { nextCursor } = JSON.parse(text) as { readonly nextCursor: string | null };
        if (nextCursor === null) break;
        cursors.push(nextCursor);
      }
      expect(cursors.length).toBeGreaterThan(2);
      for (const cursor of cursors) {
        const answer = await query(world.member("team-lead", "red"), path, { limit: 200, cursor });
        expect(answer.code).toBe("OK");
        expect(leaksIn(answer)).toEqual([]);
      }
    },
  );

  it.each(["dashboard.get", "live.changes", "jobs.list", "runs.list", "incidents.list"] as const)(
    "are not asked for by naming the team in %s, no more than by one that is not there",
    async (path) => {
      const isPaged = path.endsWith(".list");
      const of = (team: string) => (isPaged ? { limit: 1, filter: { team } } : { team });
      for (const member of readers()) {
        const foreign = await query(member, path, of(TEAM.blue));
        const nothing = await query(member, path, of(NOTHING.teamId));
        expect([foreign.code, nothing.code]).toEqual(["FORBIDDEN", "FORBIDDEN"]);
      }
    },
  );

  it("are in no message to the others' phones and webhooks", async () => {
    const sent = await eventually(
      () => world.hooks.taken,
      (taken) => ["/red", "/blue"].every((path) => taken.some((one) => one.path === path)),
    );
    const bodies = (path: string) =>
      sent.filter((one) => one.path === path).map(({ body }) => body.toString());
    expect(bodies("/blue").join()).toContain(HIDDEN);
    const people = new Map(world.members.map(({ userId, team }) => [userId, team]));
    const cards = await world.stores(
      async ({ outbox }) => (await outbox.list({}, 200, null)).items,
    );
    const ofRed = cards.filter(({ userId }) => userId !== null && people.get(userId) === "red");
    expect(ofRed.length).toBeGreaterThan(0);
    const toRed = [...bodies("/red"), ...ofRed.map(({ card }) => JSON.stringify(card))];
    expect(toRed.filter((text) => text.includes(HIDDEN))).toEqual([]);
    // Whom red's own job waits for, and who is on call for it: nothing else of blue's has a name.
    const naming = toRed.filter((text) => text.includes(NAMED));
    expect(naming.filter((text) => !text.includes('"title":"AFFECTED red reader"'))).toEqual([]);
  });

  it("give the others no link that answers for the incident", async () => {
    const isNotice = (body: Buffer) => body.includes('"title":"AFFECTED red reader"');
    const sent = await eventually(
      () => world.hooks.taken.find(({ path, body }) => path === "/red" && isNotice(body)),
      (one) => one !== undefined,
    );
    const { ackUrl, incidentId } = JSON.parse(sent?.body.toString() ?? "{}").data;
    const before = await world.stores(({ incidents }) => incidents.get(incidentId));
    expect(before?.teamId).toBe(TEAM.blue);
    expect(await (await fetch(ackUrl)).text()).not.toMatch(/<button|zzhidden/);
    expect((await fetch(ackUrl, { method: "POST" })).status).toBe(403);
    const after = await world.stores(({ incidents }) => incidents.get(incidentId));
    expect(after?.acknowledgedBy).toEqual(before?.acknowledgedBy);
  });

  it("a wall names nobody", async () => {
    const display = world.member("display");
    for (const path of ["dashboard.get", "incidents.list", "jobs.get", "jobs.list"] as const) {
      const { code, text } = await ask(display, path, world.things.red);
      expect(code).toBe("OK");
      expect(text).not.toMatch(/Red (on-call|team-lead)|on-call"/);
      expect(text).not.toContain(world.member("on-call", "red").userId);
    }
    const live = await query(display, "live.changes", { lastEventId: await startOf(display) });
    expect(live.text).toContain('"name":"Somebody"');
    expect(live.text).not.toMatch(/Red (on-call|team-lead)/);
  });
});

/** A dashboard's position, from the beginning. */
async function startOf(member: Member): Promise<string> {
  const { text } = await ask(member, "dashboard.get", NOTHING);
  return `${(JSON.parse(text) as { readonly epoch: string }).epoch}:0`;
}

/** What the role before took away already. */
function isGone(path: ProcedurePath, { code }: Answer): boolean {
  return code === "NOT_FOUND" && (path.startsWith("approvals.") || path === "calendars.get");
}

/** Everything of a team's that a call could have changed. */
function stateOf({ jobId, incidentId, teamId, userId }: Things): Promise<unknown> {
  return world.stores(async ({ jobs, settings, incidents, receivers, outbox, identity }) => ({
    job: { ...(await jobs.get(jobId)), lastSeenAt: 0 },
    changes: await settings.changes(jobId, 50),
    incident: (await incidents.get(incidentId))?.version,
    chain: (await incidents.get(world.chain.incidentId))?.acknowledgedBy,
    events: (await incidents.events(incidentId)).length,
    list: (await receivers.oncall()).filter((one) => one.teamId === teamId),
    devices: (await receivers.subscriptions()).filter((one) => one.userId === userId).length,
    shown: (await outbox.ofIncident(incidentId)).map(({ shownAt, seenAt }) => [shownAt, seenAt]),
    user: (await identity.users()).filter((one) => one.userId === userId),
  }));
}
