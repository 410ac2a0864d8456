import type { PagingMode, Source, SourceStore } from "@batchwatch/engine";
import { CommandError, type Command, type Given } from "./command.ts";
import { withStores } from "./open-store.ts";
import { required } from "./values.ts";

const options = { name: { type: "string" } } as const;
const details = ["NAME is the source's name or id."];

export const sourceStartPaging: Command = {
  name: "source start-paging",
  sentence: "Lets a source's failed, missed and stalled jobs page people.",
  usage: "--name NAME",
  details,
  options,
  positionals: 0,
  run: (given) => setPaging(given, "PAGING"),
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
  return withStores(given.io.env, async ({ sources, receivers }, { begins }) => {
    const source = await findSource(sources, name);
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
      lines: [`${source.name} ${words}.`],
      json: { id: source.sourceId, name: source.name, paging: mode },
    };
  });
}

async function findSource(sources: SourceStore, given: string): Promise<Source> {
  const known = await sources.all();
  const source =
    known.find(({ sourceId }) => sourceId === given) ?? known.find(({ name }) => name === given);
  if (source !== undefined) return source;
  throw new CommandError(`There is no source "${given}"; see: batchwatch source list`);
}
