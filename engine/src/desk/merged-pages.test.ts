import { describe, expect, it } from "vitest";
import { commandOf, levelOf, MINUTE, pageable, T0, worldOf } from "../incidents/test-incidents.ts";
import type { DeliveryState, Notification } from "../model/notification.ts";
import { DeskWorld } from "./test-desk.ts";

/** Each team has a list of its own, named after it. */
const WORLD = {
  ...worldOf(),
  policyOf: (teamId: string) => ({
    people: [1, 2].map((n) => pageable(`${teamId}-${n}`)),
    webhooks: [{ webhookId: `hook-${teamId}`, name: `Chat of ${teamId}` }],
  }),
};

/**
 * The old incident is of a job that wakes nobody, the second one pages `b-1`; then what became of that page is `state`, and a third
 * job of the source fails, so that the old one takes the second in.
 */
async function merged(state: DeliveryState, leaseUntil: number | null = null) {
  const desk = new DeskWorld(undefined, WORLD);
  await desk.desk.load();
  await desk.report(levelOf("a", T0, { tier: 3, teamId: "a" }));
  desk.now += 1_000;
  await desk.report(levelOf("b", T0 + 1_000, { tier: 1, teamId: "b" }));
  setPages(desk, state, leaseUntil);
  desk.sent.splice(0);
  desk.now += 1_000;
  await desk.report(levelOf("c", T0 + 2_000, { tier: 3, teamId: "a" }));
  const [open] = desk.openIncidents;
  const part = desk.incidents.find(({ resolution }) => resolution === "merged");
  if (open === undefined || part === undefined) throw new Error("Nothing was merged.");
  return { desk, open, part };
}

function setPages(desk: DeskWorld, state: DeliveryState, leaseUntil: number | null): void {
  for (const page of desk.pages) {
    const leaseOwner = leaseUntil === null ? null : "desk";
    desk.stores.outboxRows.rows.set(page.notificationId, {
      ...page,
      state,
      leaseOwner,
      leaseUntil,
    });
  }
}

function said(rows: readonly Notification[]): readonly string[] {
  return rows.map(({ kind, receiver }) => `${kind} ${receiver}`);
}

describe("pages of an incident that becomes part of another", () => {
  it("[INC-7] one that was not sent yet is sent by the whole, in the same step", async () => {
    const { desk, open, part } = await merged("PENDING");
    // Each chat hears of the whole; nobody's page is lost with the part.
    expect(said(desk.sent).toSorted()).toEqual(["page Chat of b", "page b-1", "update Chat of a"]);
    const rows = [...desk.stores.outboxRows.rows.values()];
    const ofPart = rows.filter(({ incidentId }) => incidentId === part.incidentId);
    expect(ofPart.map(({ state }) => state)).toEqual(["CANCELLED", "CANCELLED"]);
    expect(open).toMatchObject({ severity: "CRITICAL", parts: [part.incidentId] });
    // The ladder counts from the first promise.
    desk.sent.splice(0);
    await desk.pass(1);
    expect(said(desk.sent)).toEqual(["page b-1"]);
  });

  it("[INC-7] one that was sent is not sent again", async () => {
    const { desk } = await merged("SENT");
    expect(said(desk.sent).toSorted()).toEqual([
      "update Chat of a",
      "update Chat of b",
      "update b-1",
    ]);
  });

  it("[INC-8] one that was given up is the next person's, though the whole never sent it", async () => {
    const { desk, part } = await merged("DEAD");
    expect(said(desk.sent)).toEqual([]);
    desk.desk.undelivered([part.incidentId]);
    await desk.desk.idle();
    expect(said(desk.sent)).toEqual(["page b-2"]);
  });

  it.each([
    ["was sent", "SENT", null],
    ["may be under way", "PENDING", T0 + MINUTE],
  ] as const)(
    "[INC-24] who has one that %s is told that somebody has the whole, in its place",
    async (_name, state, leaseUntil) => {
      const { desk, open, part } = await merged(state, leaseUntil);
      desk.sent.splice(0);
      await desk.desk.command(commandOf(open, "a-1", { type: "acknowledge" }));
      const others = desk.sent.map(({ kind, receiver, incidentId, card }) => [
        `${kind} ${receiver}`,
        incidentId,
        card.replaces,
      ]);
      expect(others).toContainEqual(["update b-1", open.incidentId, part.incidentId]);
      expect(others).toContainEqual(["update b-1", open.incidentId, undefined]);
      expect(new Set(desk.sent.map(({ notificationId }) => notificationId)).size).toBe(2);
    },
  );
});
