import { type ApprovalStore, LIMITS } from "@batchwatch/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Breakage, TwoPeopleWorld } from "./test-two-people.ts";
import { noTally, type Tally } from "./test-two-people-oracle.ts";
import { play, STEPS } from "./test-two-people-steps.ts";

/** Sequences, each on a store of its own, about 0.1 s; a hunt takes more by BATCHWATCH_TEST_RUNS. */
const RUNS = Number(process.env["BATCHWATCH_TEST_RUNS"] ?? 60);

/** Some hundred transactions a second, on a machine that others share. */
const PATIENCE_MS = 60_000 + RUNS * 2_000;

function property(breakage: Breakage, tally: Tally): fc.IAsyncProperty<[Awaited<never>]> {
  return fc.asyncProperty(STEPS, async (steps) => {
    const world = await TwoPeopleWorld.open(breakage);
    try {
      const wrong = await play(world, steps, tally);
      if (wrong !== null) throw new Error(wrong);
    } finally {
      await world.close();
    }
  }) as never;
}

describe("no sequence of calls changes a protected thing without two people [S64, EYES-1…EYES-15]", () => {
  it(
    "whatever is asked, decided, raced, repeated, reverted, and whatever the clock does",
    async () => {
      const tally = noTally();
      await fc.assert(property({}, tally), { numRuns: RUNS });
      // A property that never sees a change holds for nothing.
      for (const [what, times] of Object.entries(tally)) {
        expect([what, times >= 3]).toEqual([what, true]);
      }
    },
    PATIENCE_MS,
  );
});

/** What the property would see if one rule were gone. */
const BROKEN: Readonly<Record<string, Breakage>> = {
  "a second session counts as a second person [EYES-2]": {
    stores: (stores) => {
      const approve: ApprovalStore["approve"] = async (requestId, hash, note, by, now) => {
        const users = await stores.identity.users();
        const another = users.find(
          ({ userId, role }) => userId !== by.userId && role === "operations-manager",
        );
        const someone = { ...by, userId: another?.userId ?? by.userId };
        return stores.approvals.approve(requestId, hash, note, someone, now);
      };
      return { ...stores, approvals: { ...stores.approvals, approve } };
    },
  },
  "who fetched somebody's link is a second person beside them [EYES-2]": {
    stores: (stores) => {
      const collect: ApprovalStore["collect"] = async (requestId, hash, until, by, now) => {
        const request = await stores.approvals.collect(requestId, hash, until, by, now);
        const { kind, subjectId } = request;
        // As if the host had vouched for them.
        if (kind === "user-add") {
          await stores.identity.addSignInCode(`host ${hash}`, subjectId, until, now);
        }
        return request;
      };
      return { ...stores, approvals: { ...stores.approvals, collect } };
    },
  },
  "nothing is taken back [EYES-7]": {
    stores: (stores) => ({
      ...stores,
      approvals: { ...stores.approvals, sweep: () => Promise.resolve([]) },
    }),
  },
  "a service reaches the store itself [EYES-15]": {
    services: (services, stores) => ({
      ...services,
      sources: {
        ...services.sources,
        setPaging: async (user, sourceId, mode, asking) => {
          const answer = await services.sources.setPaging(user, sourceId, mode, asking);
          await stores.receivers.setPaging(sourceId, mode);
          return answer;
        },
      },
    }),
  },
  "the clock of set-up mode is never asked [EYES-6]": {
    stores: (stores) => {
      const propose: ApprovalStore["propose"] = async (change, by, how, now) => {
        const { storeCreatedAt } = await stores.approvals.setup();
        const early = Math.min(now, storeCreatedAt + LIMITS.setupMs - 1);
        return stores.approvals.propose(change, by, how, early);
      };
      const sweep: ApprovalStore["sweep"] = async (now) => {
        const { storeCreatedAt } = await stores.approvals.setup();
        return stores.approvals.sweep(Math.min(now, storeCreatedAt + LIMITS.setupMs - 1));
      };
      return { ...stores, approvals: { ...stores.approvals, propose, sweep } };
    },
  },
};

describe("the property can fail: it sees that", () => {
  it.each(Object.entries(BROKEN))(
    "%s",
    async (_name, breakage) => {
      const result = await fc.check(property(breakage, noTally()), {
        numRuns: 200,
        endOnFailure: true,
      });
      expect(result.failed).toBe(true);
      expect(String(result.errorInstance)).toMatch(/ went from | is still /);
    },
    PATIENCE_MS,
  );
});
