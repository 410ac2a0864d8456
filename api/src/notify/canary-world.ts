import { type AlertingWorld, type Policy, SERVICE_TEAM_ID } from "@batchwatch/engine";
import { CANARY_SOURCE, CANARY_TARGET } from "./canary.ts";

const CANARY_POLICY: Policy = {
  people: [],
  webhooks: [{ webhookId: CANARY_TARGET, name: CANARY_TARGET }],
};

/** The same world, in which the canary's pages go to the canary and to nobody else. */
export function canaryWorld(world: AlertingWorld): AlertingWorld {
  return {
    get alertsOn() {
      return world.alertsOn;
    },
    get platformPolicy() {
      return world.platformPolicy;
    },
    policyOf: (teamId) => (teamId === SERVICE_TEAM_ID ? CANARY_POLICY : world.policyOf(teamId)),
    pageableOf: (userId) => world.pageableOf(userId),
    sourceOf: (sourceId) =>
      sourceId === CANARY_SOURCE.sourceId ? CANARY_SOURCE : world.sourceOf(sourceId),
  };
}
