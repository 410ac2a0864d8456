import { SOURCE_CONTRACTS, StoreError, type SourceContract, type Stores } from "@batchwatch/engine";
import { hashSecret, newSourceKey } from "../auth/secrets.ts";
import type { Command, HostAct } from "./command.ts";
import { type Begins, withStores } from "./open-store.ts";
import { oneOf, required, text, zone } from "./values.ts";

const ENVIRONMENTS = ["PROD", "UAT", "TEST"] as const;

export const sourceAdd: Command = {
  name: "source add",
  sentence: "Adds a source of facts and prints its key, once.",
  usage:
    "--contract CONTRACT --name NAME [--team TEAM] [--environment ENV] [--zone ZONE] [--paging]",
  details: [
    `CONTRACT is one of: ${SOURCE_CONTRACTS.join(", ")}.`,
    "TEAM owns the source's jobs; without it, the team that an event names.",
    `ENV is one of: ${ENVIRONMENTS.join(", ")}; PROD when left out.`,
    "ZONE is the IANA time zone of times sent without one; UTC when left out.",
    "--paging lets its jobs page people at once; without it, after source start-paging.",
  ],
  options: {
    contract: { type: "string" },
    name: { type: "string" },
    team: { type: "string" },
    environment: { type: "string" },
    zone: { type: "string" },
    paging: { type: "boolean" },
  },
  positionals: 0,
  run(given) {
    const known = SOURCE_CONTRACTS.join(", ");
    const contract = required(given, "contract", `one of: ${known}`);
    const key = newSourceKey();
    const source = {
      contract: oneOf("contract", contract, SOURCE_CONTRACTS),
      name: required(given, "name", "the source's name"),
      environment: oneOf("environment", text(given, "environment") ?? "PROD", ENVIRONMENTS),
      zone: zone("zone", text(given, "zone") ?? "UTC"),
      pagingMode: given.values["paging"] === true ? "PAGING" : "WATCHING",
      teamName: text(given, "team"),
      keyHash: hashSecret(key),
    } as const;
    return withStores(given.io.env, async ({ sources }, { begins }) => {
      await begins({ command: "source add", subjectKind: "source", subjectId: null });
      const added = await sources.add(source, Date.now());
      return {
        host: { command: "source add", subjectKind: "source", subjectId: added.sourceId },
        lines: [
          `Added ${added.name} (${added.contract}), id ${added.sourceId}.`,
          "Its key, shown only now; send it as: Authorization: Bearer KEY",
          key,
        ],
        json: { id: added.sourceId, key },
      };
    });
  },
};

export const sourceList: Command = {
  name: "source list",
  sentence: "Lists the sources.",
  usage: "",
  details: [],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ sources }) => {
      const found = (await sources.all()).map((source) => ({
        id: source.sourceId,
        name: source.name,
        contract: source.contract,
        environment: source.environment,
        zone: source.zone,
        team: source.teamId,
        paging: source.pagingMode,
        lastSeenAt: source.lastSeenAt === null ? null : new Date(source.lastSeenAt).toISOString(),
      }));
      const lines = found.map(
        (one) =>
          `${one.id}  ${one.name}  ${one.contract}  ${one.environment}  ${one.zone}  ${one.paging}  last seen ${one.lastSeenAt ?? "never"}`,
      );
      return { lines: found.length === 0 ? ["There are no sources."] : lines, json: found };
    });
  },
};

/** A source for a replay without a key: "replay", or a name with the time where that is taken. */
export async function addReplaySource(
  sources: Stores["sources"],
  contract: SourceContract,
  now: number,
  begins: Begins,
): Promise<{ host: HostAct; name: string; key: string }> {
  const key = newSourceKey();
  await begins({ command: "replay", subjectKind: "source", subjectId: null });
  const add = async (name: string) => {
    const { sourceId } = await sources.add(
      {
        name,
        contract,
        environment: "TEST",
        zone: "UTC",
        pagingMode: "WATCHING",
        teamName: null,
        keyHash: hashSecret(key),
      },
      now,
    );
    const host = { command: "replay", subjectKind: "source", subjectId: sourceId };
    return { host, name, key };
  };
  try {
    return await add("replay");
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "name_taken") throw error;
    return await add(`replay-${new Date(now).toISOString().replaceAll(/[:.]/g, "").toLowerCase()}`);
  }
}
