import { passwordWeakness } from "../auth/password-rules.ts";
import { Passwords } from "../auth/passwords.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { withStores } from "./open-store.ts";
import { readPassword } from "./password-input.ts";
import { findUser, VOUCHED_DETAILS, vouchedLines } from "./users.ts";
import { counted, required } from "./values.ts";

export const userPassword: Command = {
  name: "user password",
  sentence: "Sets a user's password, read from the input.",
  usage: "--name NAME",
  details: [
    "NAME is the user's name or id. The password is one line of input, never an argument.",
    "It ends the user's sessions and paired devices; they sign in with it from then on.",
    ...VOUCHED_DETAILS,
  ],
  options: { name: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "name", "the user's name or id");
    return withStores(given.io.env, async ({ identity, sessions }) => {
      const user = await findUser(identity, name);
      const password = await readPassword(given.io);
      const weakness = passwordWeakness(password, user.name);
      if (weakness !== null) throw new CommandError(weakness);
      const hash = await new Passwords().hash(password);
      const now = Date.now();
      await sessions.setPassword(user.userId, hash, "host", now);
      const ended = await sessions.endAllOf(user.userId, null, "password", "host", now);
      return {
        host: { command: "user password", subjectKind: "user", subjectId: user.userId },
        lines: [
          ...vouchedLines(user),
          `The password of ${user.name} is set; ended: ${counted(ended, "session")}.`,
        ],
        json: { id: user.userId, ended },
      };
    });
  },
};

export const userOidc: Command = {
  name: "user oidc",
  sentence: "Links a user to a subject of the identity provider.",
  usage: "--name NAME --subject SUBJECT",
  details: [
    "NAME is the user's name or id. SUBJECT is the claim `sub` of the provider in BATCHWATCH_OIDC_ISSUER.",
    "It takes the place of the link there was. Without it a user whose name is a verified e-mail address,",
    "and who has never signed in, is linked at the first sign-in.",
    ...VOUCHED_DETAILS,
  ],
  options: { name: { type: "string" }, subject: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "name", "the user's name or id");
    const subject = required(given, "subject", "the provider's `sub` of this person");
    if (subject.length > 255) throw new UsageError("--subject has more than 255 characters.");
    return withStores(given.io.env, async ({ identity, sessions }, { settings }) => {
      const { oidcIssuer } = settings;
      if (oidcIssuer === null) {
        throw new CommandError("No identity provider is set; set BATCHWATCH_OIDC_ISSUER first.");
      }
      const user = await findUser(identity, name);
      await sessions.linkSubject(oidcIssuer, subject, user.userId, "host", Date.now());
      return {
        host: { command: "user oidc", subjectKind: "user", subjectId: user.userId },
        lines: [...vouchedLines(user), `${user.name} signs in at ${oidcIssuer} as ${subject}.`],
        json: { id: user.userId, issuer: oidcIssuer },
      };
    });
  },
};
