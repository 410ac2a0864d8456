import { inScope, LIMITS, scopeOf, type User } from "@batchwatch/engine";
import { mayCall } from "../auth/policy.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { AT_THE_HOST } from "./jobs.ts";
import { withStores } from "./open-store.ts";
import { findUser } from "./users.ts";
import { counted, required, text } from "./values.ts";
import { findTeam } from "./webhooks.ts";

export const oncallSet: Command = {
  name: "oncall set",
  sentence: "Says who is paged for a team, and in which order.",
  usage: "--team TEAM (--users USER,USER… | --default)",
  details: [
    "TEAM is a team's id or name; USER a user's id or name. The first is paged at once,",
    "the next when the one before has not answered.",
    "--default takes the list back: the team's on-call people, then its leads, then operations.",
  ],
  options: {
    team: { type: "string" },
    users: { type: "string" },
    default: { type: "boolean" },
  },
  positionals: 0,
  run(given) {
    const team = required(given, "team", "the team's id or name");
    const users = text(given, "users");
    const isDefault = given.values["default"] === true;
    if ((users !== null) === isDefault) {
      throw new UsageError("Give either --users, names or ids joined by commas, or --default.");
    }
    const names = (users ?? "").split(",").map((one) => one.trim());
    const wanted = isDefault ? [] : names.filter((one) => one !== "");
    if (!isDefault && wanted.length === 0) throw new UsageError("--users names nobody.");
    if (wanted.length > LIMITS.oncallPeople) {
      throw new UsageError(
        `--users names ${wanted.length} people; a list holds at most ${LIMITS.oncallPeople}.`,
      );
    }
    return withStores(given.io.env, async ({ identity, receivers }) => {
      const teamId = await findTeam(identity, team);
      const people: User[] = [];
      for (const name of wanted) {
        const user = answerable(await findUser(identity, name), teamId);
        if (!people.some(({ userId }) => userId === user.userId)) people.push(user);
      }
      const userIds = people.map(({ userId }) => userId);
      await receivers.setOncall(teamId, userIds, AT_THE_HOST, Date.now());
      const order = people.map(({ name }) => name).join(", then ");
      return {
        host: { command: "oncall set", subjectKind: "team", subjectId: teamId, teamId },
        lines: [isDefault ? `${teamId}: the default order.` : `${teamId}: ${order}.`],
        json: { team: teamId, users: userIds },
      };
    });
  },
};

/** Who cannot see a team's incidents, or cannot acknowledge them, is no help at night. */
function answerable(user: User, teamId: string): User {
  if (!mayCall(user.role, "incidents.acknowledge")) {
    throw new CommandError(
      `${user.name} has the role ${user.role}, which cannot acknowledge; name somebody who can.`,
    );
  }
  if (!inScope(scopeOf(user), teamId)) {
    throw new CommandError(
      `${user.name} is not in the team ${teamId} and cannot see its incidents.`,
    );
  }
  return user;
}

export const oncallList: Command = {
  name: "oncall list",
  sentence: "Lists who is paged for each team.",
  usage: "",
  details: ["Teams without a list have the default order."],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ identity, receivers }) => {
      const [teams, users, lists, devices] = await Promise.all([
        identity.teams(),
        identity.users(),
        receivers.oncall(),
        receivers.subscriptions(),
      ]);
      const found = teams.map(({ teamId }) => {
        const userIds = lists.find((one) => one.teamId === teamId)?.userIds ?? [];
        return {
          team: teamId,
          origin: userIds.length === 0 ? "DEFAULT" : "SET",
          users: userIds.map((id) => ({
            id,
            name: users.find(({ userId }) => userId === id)?.name ?? id,
            devices: devices.filter(({ userId }) => userId === id).length,
          })),
        };
      });
      const lines = found.map(({ team, users: people }) => {
        const words = people.map((one) => `${one.name} (${deviceWords(one.devices)})`);
        return `${team}  ${words.length === 0 ? "default order" : words.join(", then ")}`;
      });
      return { lines: found.length === 0 ? ["There are no teams."] : lines, json: found };
    });
  },
};

function deviceWords(devices: number): string {
  if (devices === 0) return "no device";
  return counted(devices, "device");
}
