import { randomUUID } from "node:crypto";
import { LIMITS, type IdentityStore, teamIdOf } from "@batchwatch/engine";
import { openSecret } from "../auth/secret-file.ts";
import { Outbound } from "../notify/outbound.ts";
import { newWebhookSecret } from "../notify/standard-webhook.ts";
import { targetOf } from "../notify/target.ts";
import { sealedWebhook } from "../notify/webhook-channel.ts";
import type { Settings } from "../settings.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { withStores } from "./open-store.ts";
import { required, text } from "./values.ts";

export const webhookAdd: Command = {
  name: "webhook add",
  sentence: "Adds a webhook that incidents go to and prints its secret, once.",
  usage: "--name NAME --url URL [--team TEAM]",
  details: [
    "URL is called with POST over https; a private address, or one without TLS,",
    "must be named in BATCHWATCH_WEBHOOK_ALLOWED_HOSTS, for the server too.",
    "TEAM is a team's id or name; without it, incidents of every team.",
    "Messages are signed as Standard Webhooks say; api/README.md shows how to verify them.",
  ],
  options: { name: { type: "string" }, url: { type: "string" }, team: { type: "string" } },
  positionals: 0,
  async run(given) {
    const name = required(given, "name", "the webhook's name");
    const url = required(given, "url", "the address to call");
    const team = text(given, "team");
    return withStores(given.io.env, async ({ receivers, identity }, { settings, begins }) => {
      const warning = await checkedUrl(url, settings);
      const teamId = team === null ? null : await findTeam(identity, team);
      const { seal, warning: fileWarning } = await openSecret(settings);
      const [webhookId, secret] = [randomUUID(), newWebhookSecret()];
      const row = { webhookId, name, teamId, createdAt: Date.now() };
      const host = { command: "webhook add", subjectKind: "webhook", subjectId: webhookId, teamId };
      await begins(host);
      await receivers.addWebhook(sealedWebhook(seal, row, { url, secret }));
      for (const one of [warning, fileWarning]) {
        if (one !== null) given.io.stderr.write(`batchwatch: ${one}\n`);
      }
      const whose = teamId === null ? "of every team" : `of ${teamId}`;
      return {
        host,
        lines: [
          `Added ${name} for incidents ${whose}, id ${webhookId}.`,
          "Its secret, shown only now; the receiver verifies signatures with it:",
          secret,
        ],
        json: { id: webhookId, secret },
      };
    });
  },
};

export const webhookList: Command = {
  name: "webhook list",
  sentence: "Lists the webhooks.",
  usage: "",
  details: ["Addresses are shown without what is behind their host, which may be a secret."],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ receivers }) => {
      const found = (await receivers.webhooks()).map((one) => ({
        id: one.webhookId,
        name: one.name,
        host: one.url,
        team: one.teamId,
        createdAt: new Date(one.createdAt).toISOString(),
      }));
      const lines = found.map(
        (one) => `${one.id}  ${one.name}  ${one.host}  ${one.team ?? "every team"}`,
      );
      return { lines: found.length === 0 ? ["There are no webhooks."] : lines, json: found };
    });
  },
};

export const webhookRemove: Command = {
  name: "webhook remove",
  sentence: "Removes a webhook.",
  usage: "--name NAME",
  details: [],
  options: { name: { type: "string" } },
  positionals: 0,
  run(given) {
    const name = required(given, "name", "the webhook's name");
    return withStores(given.io.env, async ({ receivers }, { begins }) => {
      const none = new CommandError(`There is no webhook "${name}"; see: batchwatch webhook list`);
      const known = (await receivers.webhooks()).find((one) => one.name === name);
      if (known === undefined) throw none;
      const { webhookId: subjectId, teamId } = known;
      const host = { command: "webhook remove", subjectKind: "webhook", subjectId, teamId };
      await begins(host);
      if (!(await receivers.removeWebhook(name))) throw none;
      return { host, lines: [`Removed ${name}.`], json: { removed: name } };
    });
  },
};

/** What should be known of an address that may be called; fails with `UsageError` when it may not. */
async function checkedUrl(url: string, settings: Settings): Promise<string | null> {
  if (url.length > LIMITS.urlLength) {
    throw new UsageError(
      `--url has ${url.length} characters; it must have at most ${LIMITS.urlLength}.`,
    );
  }
  const outbound = new Outbound({
    target: (address) => targetOf(address, settings.webhookAllowedHosts),
    now: Date.now,
  });
  try {
    const verdict = await outbound.check(url);
    if (verdict.type === "allowed") return null;
    if (verdict.type === "unresolved") return `${verdict.error}; it is looked up at each message.`;
    throw new UsageError(`--url: ${verdict.error} (setting BATCHWATCH_WEBHOOK_ALLOWED_HOSTS).`);
  } finally {
    outbound.close();
  }
}

/** The id of a team that is there, by id or name. */
export async function findTeam(identity: IdentityStore, given: string): Promise<string> {
  const teams = await identity.teams();
  const team =
    teams.find((one) => one.teamId === given) ??
    teams.find((one) => one.name === given || one.teamId === teamIdOf(given));
  if (team !== undefined) return team.teamId;
  const known = teams.map((one) => one.teamId).join(", ");
  throw new CommandError(
    `There is no team "${given}"; ${known === "" ? "user add and source add make teams" : `there are: ${known}`}.`,
  );
}
