import { cutText, type Notification, type NotificationCard } from "@batchwatch/engine";
import { privateTextOf, type PushText, pushTextOf } from "./push-text.ts";

export interface PushPayloadOptions {
  /** Where a tap leads. */
  readonly link: string;
  readonly tag: string;
  /** The lock screen says nothing of jobs, and neither does the payload. */
  readonly isPrivate: boolean;
  /** IANA zone of whoever reads it. */
  readonly zone: string;
  /** How many incidents need its reader, for the app's icon; null: not known. */
  readonly badge: number | null;
  /** Bytes that it is filled up to, and never more than. */
  readonly bytes: number;
}

/**
 * What the service worker finds under `batchwatch`: the card, or of a private device, and of a card that is too long for the
 * push service, what is needed to fetch it.
 */
export type PushFacts = { readonly notificationId: string } & (
  | NotificationCard
  | (Pick<NotificationCard, "incidentId" | "version" | "kind" | "severity"> & {
      /** Somebody has it, whose name is not said. */
      readonly taken: boolean;
    })
);

const SHORT = 100;
const NAME_LENGTH = 60;
const PERSON_LENGTH = 20;

/**
 * The plain text of a push message: Declarative Web Push (WebKit; the same JSON reaches the service worker elsewhere), with our
 * card beside it. Always exactly `bytes` long, so that its length tells nothing: what is too long loses the job's own words
 * first, then the first step, the runbook, the ends of names, at last the card.
 */
export function pushPayload(notification: Notification, options: PushPayloadOptions): Buffer {
  const { card } = notification;
  const smallest = () =>
    payload(notification, options, privateTextOf(notification, options.zone), null);
  if (options.isPrivate) return padded(smallest(), options.bytes);
  const text = pushTextOf(card);
  for (const shorter of shrunk({ ...card, ...text })) {
    const json = payload(notification, options, text, shorter);
    if (Buffer.byteLength(json) <= options.bytes) return padded(json, options.bytes);
  }
  return padded(smallest(), options.bytes);
}

/** The card, ever shorter. */
function* shrunk(card: NotificationCard): Generator<NotificationCard | null> {
  yield card;
  const message = { ...card, message: cut(card.message, SHORT) };
  yield message;
  const silent = { ...card, message: null };
  yield silent;
  yield { ...silent, firstStep: cut(card.firstStep, SHORT) };
  const stepless = { ...silent, firstStep: null };
  yield stepless;
  yield { ...stepless, runbookUrl: null };
  yield {
    ...stepless,
    runbookUrl: null,
    jobName: cutText(card.jobName, NAME_LENGTH),
    acknowledgedBy: cut(card.acknowledgedBy, PERSON_LENGTH),
    nextPerson: cut(card.nextPerson, PERSON_LENGTH),
  };
  yield null;
}

function cut(text: string | null, length: number): string | null {
  return text === null ? null : cutText(text, length);
}

/** Only these make a sound again when they take an older one's place. */
const LOUD: ReadonlySet<Notification["kind"]> = new Set([
  "page",
  "reminder",
  "test",
  "canary",
  "break-glass",
]);

function payload(
  { kind, notificationId, incidentId, card }: Notification,
  { link, tag, badge }: PushPayloadOptions,
  text: PushText,
  carried: NotificationCard | null,
): string {
  const isLoud = LOUD.has(kind);
  const { version, severity } = card;
  const facts: PushFacts = {
    notificationId,
    ...(carried ?? { incidentId, version, kind, severity, taken: card.acknowledgedBy !== null }),
  };
  return JSON.stringify({
    web_push: 8030,
    notification: {
      ...text,
      navigate: link,
      tag,
      lang: "en",
      dir: "ltr",
      silent: !isLoud,
      renotify: isLoud,
      // An update takes the place of the page on the lock screen, and stays like it while nobody has the incident.
      requireInteraction: kind === "page" || (kind === "update" && card.acknowledgedBy === null),
      // Safari 18.4 reads it here, later ones beside it.
      ...(badge === null ? {} : { app_badge: String(badge) }),
    },
    ...(badge === null ? {} : { app_badge: badge }),
    mutable: true,
    batchwatch: facts,
  });
}

/** White space behind it is no part of JSON. */
function padded(json: string, bytes: number): Buffer {
  const text = Buffer.from(json);
  return Buffer.concat([text, Buffer.alloc(Math.max(0, bytes - text.length), " ")]);
}
