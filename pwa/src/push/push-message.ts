import { plainWords } from "../offline/plain-words.ts";

/** A push as it may be shown: everything in it came from outside. */
export interface PushMessage {
  readonly title: string;
  readonly body: string;
  /** Where a tap leads, on this origin; begins with one slash. */
  readonly path: string;
  readonly tag: string;
  readonly silent: boolean;
  readonly notificationId: string | null;
  /** For the app's badge; null leaves it as it is. */
  readonly badge: number | null;
  readonly incident: PushedIncident | null;
}

/** As much of the incident's card as showing it needs. */
export interface PushedIncident {
  readonly incidentId: string;
  readonly version: number;
  readonly kind: string;
  /** Somebody has it; false where that is not said, as on a private device. */
  readonly isTaken: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
  /** As it came: read it with `readCard`. */
  readonly card: unknown;
}

const MOST_TITLE = 120;
const MOST_BODY = 400;
const MOST_PATH = 500;
const ID = /^[A-Za-z0-9-]{1,64}$/;

/** Shown when a push cannot be read: every push must show something, or the browser ends the subscription. */
const UNREADABLE: PushMessage = {
  title: "Batchwatch",
  body: "Something needs a look. Open to see what.",
  path: "/",
  tag: "batchwatch",
  silent: false,
  notificationId: null,
  badge: null,
  incident: null,
};

type Fields = Readonly<Record<string, unknown>>;

/** Reads a push (Declarative Web Push, our card under `batchwatch`). Never throws. @param origin ours */
export function readPush(text: string | null, origin: string): PushMessage {
  const payload = parsed(text);
  const { title, body, navigate, tag, silent } = fieldsOf(payload["notification"]);
  const shownTitle = plainWords(title, MOST_TITLE);
  if (shownTitle === "") return UNREADABLE;
  const incident = incidentOf(payload["batchwatch"]);
  const given = pathOf(navigate, origin);
  const notificationId = idOf(fieldsOf(payload["batchwatch"])["notificationId"]) ?? idIn(given);
  const path = given ?? (incident === null ? "/" : incidentPath(incident, notificationId));
  const badge = Number(payload["app_badge"] ?? Number.NaN);
  return {
    title: shownTitle,
    body: plainWords(body, MOST_BODY),
    path,
    // A newer message about an incident takes the place of the one that is shown.
    tag:
      incident === null
        ? plainWords(tag, 64) || notificationId || UNREADABLE.tag
        : `incident-${incident.incidentId}`,
    silent: silent === true,
    notificationId,
    badge: isCount(badge) ? badge : null,
    incident,
  };
}

/** A same-origin address as a path; null for anything else. */
function pathOf(value: unknown, origin: string): string | null {
  if (typeof value !== "string" || value.length > MOST_PATH) return null;
  try {
    const url = new URL(value, origin);
    const isOurs = url.origin === origin && url.username + url.password === "";
    // Two slashes would be read as another host's address.
    return isOurs && !url.pathname.startsWith("//") ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

/** Where the server knows itself by another address than this browser does. */
function incidentPath({ incidentId }: PushedIncident, notificationId: string | null): string {
  return `/incidents/${incidentId}${notificationId === null ? "" : `?n=${notificationId}`}`;
}

function idIn(path: string | null): string | null {
  return idOf(new URLSearchParams(path?.split("?")[1]).get("n"));
}

function idOf(value: unknown): string | null {
  return typeof value === "string" && ID.test(value) ? value : null;
}

function incidentOf(card: unknown): PushedIncident | null {
  const { incidentId, version, kind, since, acknowledgedBy, taken } = fieldsOf(card);
  if (typeof incidentId !== "string" || !ID.test(incidentId) || !isCount(version)) return null;
  const isTaken = taken === true || typeof acknowledgedBy === "string";
  return {
    incidentId,
    version,
    kind: String(kind),
    isTaken,
    since: Date.parse(String(since)),
    card,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parsed(text: string | null): Fields {
  try {
    return fieldsOf(JSON.parse(text ?? ""));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
