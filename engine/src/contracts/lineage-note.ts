import { maskJson } from "../masking/mask-json.ts";
import type { LineageNote } from "../model/fact.ts";
import { contentIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { occurrenceOf } from "./read-time.ts";
import { type Members, readName, readObject } from "./readers.ts";
import { shown } from "./refusal.ts";

/** A statement about a job or a dataset outside any run, kept whole and masked. */
export function readNote(
  subject: LineageNote["subject"],
  event: Members,
  at: number,
  context: ReadContext,
): PlacedFact {
  const members = readObject(event[subject], subject);
  const namespace = readName(members["namespace"], `${subject}.namespace`);
  const name = readName(members["name"], `${subject}.name`);
  const body = bodyOf(event, subject, namespace, name);
  const { sourceId } = context.source;
  const placeId =
    subject === "job" ? jobIdOf(sourceId, namespace, name) : contentIdOf(subject, namespace, name);
  const fact: LineageNote = {
    type: "lineage",
    noteId: contentIdOf(subject, namespace, name, body),
    subject,
    namespace,
    name,
    occurredAt: occurrenceOf(at, context.receivedAt).occurredAt,
    body,
  };
  return { partition: partitionOf(placeId), fact };
}

function bodyOf(
  event: Members,
  subject: LineageNote["subject"],
  namespace: string,
  name: string,
): string {
  const body = JSON.stringify(maskJson(event));
  if (Buffer.byteLength(body) <= LIMITS.noteBytes) return body;
  const kept: Record<string, unknown> = { cut: true, [subject]: { namespace, name } };
  for (const key of ["eventTime", "producer", "schemaURL"]) {
    const value = event[key];
    if (typeof value === "string") kept[key] = shown(value);
    else if (typeof value === "number") kept[key] = value;
  }
  return JSON.stringify(kept);
}
