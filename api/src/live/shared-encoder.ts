import { strictJson } from "../strict-json.ts";

/**
 * Encodes live items once for all their readers. The feed hands the very same item object to everybody at the
 * same position, so its JSON is cached by identity and only the small envelope around it is made per socket.
 * The text is what `JSON.stringify` would give, in another key order; shared-encoder.test.ts holds it to that.
 * Safe only without a transformer and without output parsers: both would hand over copies.
 */
export const sharedEncoder = {
  encode(message: unknown): string {
    const split = splitItem(message);
    if (split === null) return JSON.stringify(message);
    const envelope = JSON.stringify(split.envelope);
    return `${envelope.slice(0, -2)},"data":${textOf(split.item)}}}`;
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

/** The item of a data message, and the message without it, its `result` last. */
function splitItem(message: unknown): { item: object; envelope: object } | null {
  if (typeof message !== "object" || message === null || !("result" in message)) return null;
  const { result, ...rest } = message;
  if (typeof result !== "object" || result === null || !("data" in result)) return null;
  const { data, ...meta } = result;
  if (typeof data !== "object" || data === null || Object.keys(meta).length === 0) return null;
  return { item: data, envelope: { ...rest, result: meta } };
}
