import { ROLES, teamIdOf, type IdentityStore, type User } from "@batchwatch/engine";
import { hashSecret, newSignInCode, signInLink } from "../auth/secrets.ts";
import { API_LIMITS } from "../options.ts";
import { publicUrlOf, type Settings } from "../settings.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { withStores } from "./open-store.ts";
import { all, oneOf, required } from "./values.ts";

/** The user of this id or name. */
export async function findUser(identity: IdentityStore, given: string): Promise<User> {
  const users = await identity.users();
  const user = users.find((one) => one.userId === given) ?? users.find((one) => one.name === given);
  if (user !== undefined) return user;
  throw new CommandError(
    `There is no user "${given}"; make one with: batchwatch user add --name NAME --role ROLE`,
  );
}

async function newLink(
  identity: IdentityStore,
  userId: string,
  settings: Settings,
): Promise<string> {
  const now = Date.now();
  const code = newSignInCode();
  await identity.addSignInCode(hashSecret(code), userId, now + API_LIMITS.signInCodeMs, now);
  return signInLink(publicUrlOf(settings), code);
}

/** What the host does for somebody whose link another person fetched (engine/SPEC.md EYES-2). */
export const VOUCHED_DETAILS: readonly string[] = [
  "Where somebody else fetched this user's first link on the page, it also takes away what they could have set up with it:",
  "password, links not used yet, sessions, paired devices and who is woken. From then on the two are two people.",
];

/** What was done of it; nothing where nobody else had fetched their link. */
export function vouchedLines({ name, letInBy }: User): readonly string[] {
  if (letInBy === undefined) return [];
  return [
    `Somebody else had fetched ${name}'s first link: password, links, sessions, paired devices and push subscriptions from before were taken away.`,
  ];
}

const LINK_HINT = "Sign in once within an hour:";

function checkedTeams(names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (teamIdOf(name) === "") {
      throw new UsageError(`--team is "${name}"; it must hold a letter or a digit.`);
    }
  }
  return names;
}

export const userAdd: Command = {
  name: "user add",
  sentence: "Adds a user and prints a one-time sign-in link.",
  usage: "--name NAME --role ROLE [--team TEAM]…",
  details: [`ROLE is one of: ${ROLES.join(", ")}.`, "Teams that do not exist are made."],
  options: {
    name: { type: "string" },
    role: { type: "string" },
    team: { type: "string", multiple: true },
  },
  positionals: 0,
  run(given) {
    const name = required(given, "name", "the user's name");
    const role = oneOf("role", required(given, "role", `one of: ${ROLES.join(", ")}`), ROLES);
    const teams = checkedTeams(all(given, "team"));
    return withStores(given.io.env, async ({ identity }, { settings, begins }) => {
      await begins({ command: "user add", subjectKind: "user", subjectId: null });
      const user = await identity.addUser(name, role, teams, Date.now());
      const host = { command: "user add", subjectKind: "user", subjectId: user.userId };
      if (given.values["json"] === true) return { host, lines: [], json: { id: user.userId } };
      const link = await newLink(identity, user.userId, settings);
      const said = `Added ${user.name} (${user.role}), id ${user.userId}.`;
      return { host, lines: [said, LINK_HINT, link] };
    });
  },
};

export const userLink: Command = {
  name: "user link",
  sentence: "Prints a new one-time sign-in link for a user.",
  usage: "--name NAME",
  details: ["NAME is the user's name or id. The link works once, for an hour.", ...VOUCHED_DETAILS],
  options: { name: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "name", "the user's name or id");
    return withStores(given.io.env, async ({ identity }, { settings }) => {
      const user = await findUser(identity, name);
      const link = await newLink(identity, user.userId, settings);
      const host = { command: "user link", subjectKind: "user", subjectId: user.userId };
      return { host, lines: [...vouchedLines(user), LINK_HINT, link], json: { link } };
    });
  },
};
