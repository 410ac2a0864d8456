import type { User } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { foreignIncident } from "./incident-scope.ts";
import { appRouter } from "./router.ts";
import type { Services } from "./services.ts";

const COMMAND = { commandId: "6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10" };
const USER: User = { userId: "u1", name: "Duty Operator", role: "on-call", teamIds: ["lending"] };

test("another team's incident among many is passed over, and recorded as it is alone", async () => {
  const refused: string[] = [];
  const services = {
    trail: { refused: (user: User, what: string) => refused.push(`${user.userId} ${what}`) },
    incidents: {
      command: async (_scope: unknown, _user: unknown, commandId: string, incidentId: string) => {
        if (incidentId === "foreign") throw foreignIncident();
        return { commandId, incidentId };
      },
    },
  } as unknown as Services;
  const { incidents } = appRouter.createCaller({ user: USER, services, ready: () => true });
  const incidentIds = ["own", "foreign"];
  const { answers } = await incidents.acknowledgeAll({ ...COMMAND, incidentIds });
  expect(answers).toMatchObject([{ incidentId: "own" }]);
  expect(refused).toEqual(["u1 incidents.acknowledgeAll"]);
  await expect(incidents.acknowledge({ ...COMMAND, incidentId: "foreign" })).rejects.toThrow(
    "another team",
  );
  expect(refused).toEqual(["u1 incidents.acknowledgeAll", "u1 incidents.acknowledge"]);
});
