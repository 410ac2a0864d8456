import { middle, type NotificationCard, type User } from "@batchwatch/engine";

/** Whose name becomes what. */
export interface Erasure extends Pick<User, "userId" | "name"> {
  readonly pseudonym: string;
}

/** Lengths to which names are cut on cards and in their texts (engine incidents/card.ts, texts.ts). */
const SHOWN_LENGTHS = [40, 18];
/** Phrases of a text in which a person's name stands. */
const NAMING = /asks for you\.|has not answered for|is paged\./;

/** JSON with the name of every `{userId, name}` of this person replaced; null when there is none. */
export function withoutName(json: string, { userId, pseudonym }: Erasure): string | null {
  if (!json.includes(JSON.stringify(userId))) return null;
  let found = false;
  const value: unknown = JSON.parse(json, (_key, part: unknown) => {
    if (!isNamed(part) || part.userId !== userId || part.name === pseudonym) return part;
    found = true;
    return { ...part, name: pseudonym };
  });
  return found ? JSON.stringify(value) : null;
}

function isNamed(value: unknown): value is { readonly userId: unknown; readonly name: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "userId" in value &&
    "name" in value &&
    typeof value.name === "string"
  );
}

/** A notification's card without the name; null when it is not on it. */
export function cardWithoutName(json: string, { name, pseudonym }: Erasure): string | null {
  const shown = [name, ...SHOWN_LENGTHS.map((length) => middle(name, length))];
  const card = JSON.parse(json) as NotificationCard;
  const field = (value: string | null) =>
    value !== null && shown.includes(value) ? pseudonym : value;
  const body = NAMING.test(card.body)
    ? shown.reduce((text, one) => text.replaceAll(one, pseudonym), card.body)
    : card.body;
  const clean: NotificationCard = {
    ...card,
    body,
    acknowledgedBy: field(card.acknowledgedBy),
    nextPerson: field(card.nextPerson),
  };
  const text = JSON.stringify(clean);
  return text === JSON.stringify(card) ? null : text;
}
