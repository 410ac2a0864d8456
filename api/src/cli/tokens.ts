import { hashSecret, newToken } from "../auth/secrets.ts";
import { API_LIMITS } from "../options.ts";
import type { Command } from "./command.ts";
import { withStores } from "./open-store.ts";
import { findUser } from "./users.ts";
import { counted, required, span } from "./values.ts";

export const tokenCreate: Command = {
  name: "token create",
  sentence: "Makes a bearer token for a user's programs and prints it, once.",
  usage: "--user USER --ttl SPAN",
  details: ["USER is a name or id. SPAN is a number with m, h or d, such as 12h or 90d."],
  options: { user: { type: "string" }, ttl: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "user", "the user's name or id");
    const ttl = required(given, "ttl", "how long the token lives, such as 12h or 90d");
    const ttlMs = span("ttl", ttl, API_LIMITS.tokenTtlMaxMs);
    return withStores(given.io.env, async ({ identity }) => {
      const user = await findUser(identity, name);
      const now = Date.now();
      const token = newToken();
      await identity.addToken(
        {
          tokenHash: hashSecret(token),
          userId: user.userId,
          kind: "bearer",
          expiresAt: now + ttlMs,
        },
        now,
      );
      const until = new Date(now + ttlMs).toISOString();
      return {
        host: { command: "token create", subjectKind: "user", subjectId: user.userId },
        lines: [`A token for ${user.name} until ${until}; it is shown only now:`, token],
        json: { token },
      };
    });
  },
};

export const tokenRevoke: Command = {
  name: "token revoke",
  sentence: "Revokes every bearer token of a user.",
  usage: "--user USER",
  details: [
    "USER is a name or id. A running server refuses them within a second and closes their sockets.",
  ],
  options: { user: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "user", "the user's name or id");
    return withStores(given.io.env, async ({ identity }) => {
      const user = await findUser(identity, name);
      const now = Date.now();
      const tokens = (await identity.tokens(now)).filter((one) => one.userId === user.userId);
      for (const { tokenHash } of tokens) await identity.revokeToken(tokenHash, now);
      return {
        host: { command: "token revoke", subjectKind: "user", subjectId: user.userId },
        lines: [`Revoked ${counted(tokens.length, "token")} of ${user.name}.`],
        json: { revoked: tokens.length },
      };
    });
  },
};
