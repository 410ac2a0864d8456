import { cutText, middle, type NotificationCard, type User } from "@batchwatch/engine";

/** Whose name becomes what. */
export interface Erasure extends Pick<User, "userId" | "name"> {
  readonly pseudonym: string;
  /** Somebody else bears the name by now: where nothing but the name says who is meant, it is theirs. */
  readonly isNameTaken: boolean;
}

/** A request for a change, as far as it tells whose name stands in a message about it. */
export interface RequestNames {
  readonly kind: string;
  readonly requestedBy: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string | null;
}

/** Lengths to which names are cut on cards and in their texts (engine incidents/card.ts, texts.ts). */
const SHOWN_LENGTHS = [40, 18];
/** Phrases of a text in which a person's name stands. */
const NAMING = /asks for you\.|has not answered for|is paged\./;

/** JSON without the name of this person: of every `{userId, name}`, and of every request for a change that is about them; null when it is in none. */
export function withoutName(json: string, who: Erasure): string | null {
  const { userId, name, pseudonym } = who;
  if (![userId, name].some((text) => json.includes(JSON.stringify(text)))) return null;
  let found = false;
  const value: unknown = JSON.parse(json, (_key, part: unknown) => {
    const isTheirs = isNamed(part) && part.userId === userId && part.name !== pseudonym;
    const named = isTheirs ? { ...part, name: pseudonym } : part;
    const clean = isRequest(named) && isAbout(named, who) ? requestWithout(named, who) : named;
    found ||= clean !== part;
    return clean;
  });
  return found ? JSON.stringify(value) : null;
}

/** A request as it is answered with. */
interface AnsweredRequest extends RequestNames {
  readonly payload: { readonly name?: unknown };
  readonly differences: readonly {
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

function isRequest(value: unknown): value is AnsweredRequest {
  if (typeof value !== "object" || value === null) return false;
  return "subjectKind" in value && "payload" in value && "differences" in value;
}

/** A request about an account: theirs, or one that was asked for under their name and never made. */
export function isAbout(
  { kind, subjectKind, subjectId, subjectName }: Omit<RequestNames, "requestedBy">,
  { userId, name, isNameTaken }: Erasure,
): boolean {
  if (subjectKind !== "user") return false;
  return subjectId === userId || (kind === "user-add" && subjectName === name && !isNameTaken);
}

function requestWithout(request: AnsweredRequest, who: Erasure): AnsweredRequest {
  const { name, pseudonym } = who;
  const clean = <T>(value: T): T | string => (value === name ? pseudonym : value);
  const { subjectName, payload, differences } = request;
  const isClean =
    subjectName !== name &&
    payload.name !== name &&
    !differences.some(({ before, after }) => before === name || after === name);
  if (isClean) return request;
  return {
    ...request,
    subjectName: clean(subjectName),
    payload: "name" in payload ? { ...payload, name: clean(payload.name) } : payload,
    differences: differences.map((one) => ({
      ...one,
      before: clean(one.before),
      after: clean(one.after),
    })),
  };
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
export function cardWithoutName(json: string, who: Erasure): string | null {
  const { name, pseudonym, isNameTaken } = who;
  if (isNameTaken) return null;
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

/** What a message about a request says first (api approval-notices.ts). */
const TITLE = /^(BREAK-GLASS|APPROVAL NEEDED) /;
/** How it ends, whatever had to be cut before. */
const ENDS = ["Taken back ", "Expires "] as const;
/** To how much a name is cut in a title. */
const TITLE_LENGTH = 60;

/** The card of a message about a request, without the name of who asked or of whom it is about; null when it is not on it. */
export function noticeWithoutName(
  card: NotificationCard,
  who: Erasure,
  request: RequestNames | null,
): string | null {
  const { userId, name, pseudonym, isNameTaken } = who;
  const isShown = !isNameTaken && card.jobName === cutText(name, TITLE_LENGTH);
  const isSubject =
    request === null
      ? isShown
      : isAbout(request, who) || (request.subjectKind === "user" && isShown);
  const isAsker =
    request === null ? !isNameTaken && card.body.startsWith(name) : request.requestedBy === userId;
  const clean: NotificationCard = {
    ...card,
    ...(isSubject
      ? { title: `${TITLE.exec(card.title)?.[0] ?? ""}${pseudonym}`, jobName: pseudonym }
      : {}),
    ...(isAsker ? { body: bodyBy(pseudonym, card.body, request?.kind ?? null) } : {}),
  };
  const text = JSON.stringify(clean);
  return text === JSON.stringify(card) ? null : text;
}

/** `Name: kind (fields). Expires …`, of which the name may have been cut, and all behind it left out. */
function bodyBy(pseudonym: string, body: string, kind: string | null): string {
  const said = kind === null ? -1 : body.indexOf(`: ${kind} (`);
  if (said !== -1) return pseudonym + body.slice(said);
  const end = Math.max(...ENDS.map((words) => body.lastIndexOf(words)));
  return `${pseudonym}. ${end !== -1 && body.includes(" UTC", end) ? body.slice(end) : ""}`;
}
