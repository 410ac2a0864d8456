import { strictJson } from "../strict-json.ts";

/**
 * Encodes live items once for all their readers. The feed hands the very same item object to everybody at the same
 * position; tRPC puts it, with its id, into an object of its own for each socket (`data: {id, data: item}`), so the JSON
 * of the item within is cached by identity and only the small envelope is made per socket. The text is what
 * `JSON.stringify` would give, in another key order; shared-encoder.test.ts holds it to that, over tRPC's own adapter.
 * Safe only without a transformer and without output parsers: both would hand over copies.
 */
export const sharedEncoder = {
  encode(message: unknown): string {
    const split = splitItem(message);
    if (split === null) return JSON.stringify(message);
    const envelope = JSON.stringify(split.envelope);
    return `${envelope.slice(0, -3)},"data":${textOf(split.item)}}}}`;
  },
  decode(text: string | ArrayBuffer | Uint8Array): unknown {
    return strictJson(typeof text === "string" ? text : new TextDecoder().decode(text));
  },
};

const texts = new WeakMap<object, string>();

function textOf(item: object): string {
  let text = texts.get(item);
  if (text === undefined) {
    text = JSON.stringify(item);
    texts.set(item, text);
  }
  return text;
}

/** The item of a tracked data message, and the message without it, ending with the object that it belongs to. */
function splitItem(message: unknown): { item: object; envelope: object } | null {
  if (!isObject(message)) return null;
  const { result, ...rest } = message;
  if (!isObject(result)) return null;
  const { data: tracked, ...meta } = result;
  if (!isObject(tracked)) return null;
  const { data: item, ...place } = tracked;
  const isTracked = typeof place["id"] === "string" && Object.keys(place).length === 1;
  if (!isTracked || !isObject(item)) return null;
  return { item, envelope: { ...rest, result: { ...meta, data: place } } };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
