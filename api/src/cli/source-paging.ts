import {
  heldBack,
  type HeldBack,
  LIMITS,
  type PagingMode,
  type Source,
  type SourceStore,
  type Stores,
} from "@batchwatch/engine";
import { CommandError, type Command, type Given } from "./command.ts";
import { withStores } from "./open-store.ts";
import { counted, required } from "./values.ts";

const options = { name: { type: "string" } } as const;
const startOptions = { ...options, preview: { type: "boolean" } } as const;
const details = ["NAME is the source's name or id."];

export const sourceStartPaging: Command = {
  name: "source start-paging",
  sentence: "Lets a source's failed, missed and stalled jobs page people.",
  usage: "--name NAME [--preview]",
  details: [
    ...details,
    "What is open and was told to nobody pages at once; --preview says how many and changes nothing.",
  ],
  options: startOptions,
  positionals: 0,
  run: (given) => (given.values["preview"] === true ? preview(given) : setPaging(given, "PAGING")),
};

export const sourceStopPaging: Command = {
  name: "source stop-paging",
  sentence: "Only watches a source: its incidents are recorded and wake nobody.",
  usage: "--name NAME",
  details,
  options,
  positionals: 0,
  run: (given) => setPaging(given, "WATCHING"),
};

function setPaging(given: Given, mode: PagingMode): ReturnType<Command["run"]> {
  const name = required(given, "name", "the source's name or id");
  return withStores(given.io.env, async ({ sources, receivers, incidents }, { begins }) => {
    const source = await findSource(sources, name);
    const held = mode === "PAGING" ? heldWords(await heldOf(incidents, source)) : [];
    const { sourceId: subjectId, teamId } = source;
    const command = mode === "PAGING" ? "source start-paging" : "source stop-paging";
    const host = { command, subjectKind: "source", subjectId, teamId };
    await begins(host);
    await receivers.setPaging(source.sourceId, mode);
    const pages = source.environment === "PROD" ? "pages" : "would page, were it PROD";
    const words = mode === "PAGING" ? `${pages} from now on` : "is only watched from now on";
    const fields = source.pagingMode === mode ? [] : ["pagingMode"];
    return {
      host: { ...host, fields },
      lines: [`${source.name} ${words}.`, ...held],
      json: { id: source.sourceId, name: source.name, paging: mode },
    };
  });
}

function preview(given: Given): ReturnType<Command["run"]> {
  const name = required(given, "name", "the source's name or id");
  return withStores(given.io.env, async ({ sources, incidents }) => {
    const source = await findSource(sources, name);
    const held = await heldOf(incidents, source);
    const words = heldWords(held);
    return {
      lines: words.length > 0 ? words : ["Nothing that is open would page."],
      json: { id: source.sourceId, name: source.name, paging: source.pagingMode, ...held },
    };
  });
}

async function heldOf(incidents: Stores["incidents"], { sourceId }: Source): Promise<HeldBack> {
  return heldBack(await incidents.open(LIMITS.openIncidents), sourceId);
}

/** What is open and pages with the change. */
function heldWords({ pages, notices }: HeldBack): readonly string[] {
  const of = (count: number, does: string) =>
    count === 0 ? [] : [`${counted(count, "open incident")} that nobody has: ${does}.`];
  return [
    ...of(pages, "whoever is on call is paged at once"),
    ...of(notices, "told to webhooks at once, wakes nobody"),
  ];
}

async function findSource(sources: SourceStore, given: string): Promise<Source> {
  const known = await sources.all();
  const source =
    known.find(({ sourceId }) => sourceId === given) ?? known.find(({ name }) => name === given);
  if (source !== undefined) return source;
  throw new CommandError(`There is no source "${given}"; see: batchwatch source list`);
}
