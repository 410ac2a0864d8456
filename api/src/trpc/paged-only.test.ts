import { ROLES, type User } from "@batchwatch/engine";
import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { mayCall, pagedReach, PROCEDURE_RULES, type ProcedurePath } from "../auth/policy.ts";
import { appRouter } from "./router.ts";
import type { Context, Services } from "./services.ts";

const COMMAND = { commandId: "6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10" };
/** Reached means allowed: what a service does is not asked here. */
class Reached extends Error {}

const anything: object = new Proxy(() => {}, {
  get: (_target, name) => {
    if (name === "wasPagedFor") return wasPagedFor;
    return name === "refused" ? () => recorded.push(asked.length) : anything;
  },
  apply: () => {
    throw new Reached();
  },
});
const services = anything as Services;
let asked: string[] = [];
const recorded: number[] = [];

async function wasPagedFor(user: User, incidentId: string): Promise<boolean> {
  asked.push(`${user.userId} ${incidentId}`);
  return incidentId === "mine";
}

function asTable(caller: unknown) {
  return caller as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
}

async function call(path: string, context: Partial<Context>, input: unknown): Promise<string> {
  const user: User = { userId: "u1", name: "n", role: "on-call", teamIds: ["lending"] };
  const caller = appRouter.createCaller({ user, services, ready: () => true, ...context });
  const [router = "", procedure = ""] = path.split(".");
  try {
    const answer: unknown = await asTable(caller)[router]?.[procedure]?.(input);
    // A stream's rules are asked when its first item is.
    if (path === "live.changes") {
      await (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    }
    return "REACHED";
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return error.cause instanceof Reached ? "REACHED" : error.code;
  }
}

const paths = Object.keys(PROCEDURE_RULES) as ProcedurePath[];
const PAGED = {
  "incidents.get": {},
  "incidents.acknowledge": COMMAND,
  "incidents.snooze": { ...COMMAND, until: "2026-11-24T03:00:00.000Z" },
  "incidents.escalate": COMMAND,
  "incidents.comment": { ...COMMAND, text: "looking" },
};

describe("a paired device that is signed out", () => {
  it("may answer a page and say that it was shown, and nothing else that there is", async () => {
    const allowed = paths.filter((path) => pagedReach(path) !== null);
    expect(allowed).toEqual([...Object.keys(PAGED), "push.receipt"]);
    for (const path of paths.filter((one) => pagedReach(one) === null)) {
      asked = [];
      expect([path, await call(path, { pagedOnly: true }, { incidentId: "mine" })]).toEqual([
        path,
        "FORBIDDEN",
      ]);
      expect(asked).toEqual([]);
    }
    // Each of them is in the trail.
    expect(recorded).toHaveLength(paths.length - allowed.length);
  });

  it("says of its owner's notifications that they were shown, which names no incident", async () => {
    asked = [];
    const input = { notificationId: "n-1", kind: "shown" };
    expect(await call("push.receipt", { pagedOnly: true }, input)).toBe("REACHED");
    const user: User = { userId: "u1", name: "n", role: "display", teamIds: [] };
    expect(await call("push.receipt", { pagedOnly: true, user }, input)).toBe("FORBIDDEN");
    expect(asked).toEqual([]);
  });

  it.each(Object.entries(PAGED))(
    "%s: what its owner was paged for, and no other",
    async (path, rest) => {
      asked = [];
      expect(await call(path, { pagedOnly: true }, { ...rest, incidentId: "mine" })).toBe(
        "REACHED",
      );
      expect(await call(path, { pagedOnly: true }, { ...rest, incidentId: "another" })).toBe(
        "FORBIDDEN",
      );
      expect(asked).toEqual(["u1 mine", "u1 another"]);
      expect(await call(path, {}, { ...rest, incidentId: "another" })).toBe("REACHED");
    },
  );

  it.each([
    undefined,
    null,
    {},
    [],
    "mine",
    { incidentId: 1 },
    { incidentId: ["mine"] },
    { incidentId: "../mine" },
    { incidentIds: ["mine"] },
  ])("%j names no incident", async (input) => {
    expect(await call("incidents.acknowledge", { pagedOnly: true }, input)).toBe("FORBIDDEN");
  });

  it("may do no more than its owner's role", async () => {
    for (const role of ROLES) {
      const user: User = { userId: "u1", name: "n", role, teamIds: [] };
      const input = { ...COMMAND, incidentId: "mine" };
      expect([role, await call("incidents.escalate", { pagedOnly: true, user }, input)]).toEqual([
        role,
        mayCall(role, "incidents.escalate") ? "REACHED" : "FORBIDDEN",
      ]);
    }
  });
});

describe("a caller whose session has ended", () => {
  it("is asked for at each message, not only when the socket opened", async () => {
    expect(await call("me.get", { stillGood: () => true }, undefined)).toBe("REACHED");
    expect(await call("me.get", { stillGood: () => false }, undefined)).toBe("UNAUTHORIZED");
  });

  it("gets no further item of a stream", async () => {
    let good = true;
    const items = {
      ...({} as Services),
      changes: async function* () {
        for (let seq = 1; ; seq += 1) yield { id: `e:${seq}`, item: { type: "heartbeat" } };
      },
    } as unknown as Services;
    const user: User = { userId: "u1", name: "n", role: "on-call", teamIds: [] };
    const caller = appRouter.createCaller({
      user,
      services: items,
      ready: () => true,
      stillGood: () => good,
    });
    const stream = (await caller.live.changes())[Symbol.asyncIterator]();
    expect((await stream.next()).done).toBe(false);
    good = false;
    expect(await stream.next()).toMatchObject({ done: true });
  });
});
