import {
  type CommandAnswer,
  type Incident,
  type Notification,
  type Person,
  stripText,
} from "@batchwatch/engine";

/** A notification with a link, and its incident as it is now. */
export interface AckView {
  readonly notification: Notification;
  readonly incident: Incident;
  /** Another team's, which the webhook's team has a job in: the link shows how it stands and answers nothing. */
  readonly isOthers: boolean;
}

/** Text fit for HTML, in content and in quoted attributes. */
export function escaped(text: string): string {
  return stripText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** What the page shows before anything is pressed; looking changes nothing. */
export function askingPage({ notification, incident, isOthers }: AckView): string {
  const isFree = incident.state !== "RESOLVED" && incident.acknowledgedBy === null && !isOthers;
  const button = isFree
    ? '<form method="post"><button type="submit">Acknowledge</button></form>'
    : "";
  return page(
    `${card(notification)}<p class="said">${escaped(stateWords(incident))}</p>${button}`,
    incident,
  );
}

/** What became of a press, and how the incident stands now. */
export function answerPage(view: AckView, by: Person, answer: CommandAnswer): string {
  const words = answerWords(view.incident, by, answer);
  const { incidentId } = view.incident;
  const mergedInto = view.incident.mergedInto ?? answer.mergedInto;
  return page(`${card(view.notification)}<p class="said" role="status">${escaped(words)}</p>`, {
    incidentId,
    mergedInto,
  });
}

/** A page that says one thing, with a way into the app. */
export function plainPage(words: string, incidentId: string | null = null): string {
  return page(`<p class="said">${escaped(words)}</p>`, incidentId === null ? null : { incidentId });
}

function card({ card: { title, body, message, firstStep } }: Notification): string {
  const lines = [
    `<h1 dir="auto">${escaped(title)}</h1>`,
    `<p dir="auto">${escaped(body)}</p>`,
    message === null ? "" : `<p class="more" dir="auto">${escaped(message)}</p>`,
    firstStep === null ? "" : `<p class="more" dir="auto">First step: ${escaped(firstStep)}</p>`,
  ];
  return lines.join("");
}

function page(
  content: string,
  incident: (Pick<Incident, "incidentId"> & Partial<Pick<Incident, "mergedInto">>) | null,
): string {
  const id = incident?.mergedInto ?? incident?.incidentId;
  const way = id === undefined ? "/" : `/incidents/${encodeURIComponent(id)}`;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<meta name="color-scheme" content="light dark"><title>Batchwatch</title>' +
    '<link rel="stylesheet" href="/ack/page.css"></head>' +
    `<body><main>${content}<a href="${escaped(way)}">Open in Batchwatch</a></main></body></html>`
  );
}

function stateWords(incident: Incident): string {
  const { acknowledgedBy, acknowledgedAt } = incident;
  if (incident.state === "RESOLVED") return overWords(incident);
  if (acknowledgedBy !== null)
    return `${acknowledgedBy.name} has it since ${clock(acknowledgedAt)}.`;
  if (incident.state === "RECOVERING") return "A new attempt is under way. Nobody has it yet.";
  return "Nobody has it yet.";
}

/** Only what ended by itself leaves nothing to do: what it is part of now may be open, and worse. */
function overWords(over: Pick<Incident, "resolution" | "resolvedAt" | "mergedInto">): string {
  if (over.mergedInto !== null) return "It is part of another incident now. Open that one.";
  const when = at(over.resolvedAt);
  switch (over.resolution) {
    case "cleared":
    case "retracted":
      return `It ended by itself ${when}. Nothing left to do.`;
    case "person":
      return `Somebody resolved it ${when}.`;
    case "retired":
      return `It ended ${when}, as its job is not watched any more.`;
    default:
      return `It ended ${when}.`;
  }
}

function answerWords(incident: Incident, by: Person, answer: CommandAnswer): string {
  const { acknowledgedBy: now, ackUntil } = incident;
  const since = clock(answer.acknowledgedAt);
  // The same press again is answered as the first time, whatever happened since.
  const holder = answer.outcome === "someone-has-it" ? answer.acknowledgedBy : by;
  const isOver = answer.outcome !== "already-resolved" && now?.userId !== holder?.userId;
  if (isOver) return `This link was used before. ${stateWords(incident)}`;
  switch (answer.outcome) {
    case "done":
      return `You have it${ackUntil === null ? "" : ` until ${clock(ackUntil)}`}. Nobody else is paged meanwhile.`;
    case "already-yours":
      return `You have it already, since ${since}.`;
    case "someone-has-it":
      return `${answer.acknowledgedBy?.name ?? "Somebody"} acknowledged this ${at(answer.acknowledgedAt)}. Your tap changed nothing.`;
    case "already-resolved":
      return overWords(answer);
    case "not-acknowledged":
    case "not-recovering":
    case "not-snoozable":
    case "nobody-left":
      return "It cannot be acknowledged as it is now. Open it in Batchwatch.";
  }
}

function at(ms: number | null): string {
  return ms === null ? "already" : `at ${clock(ms)}`;
}

function clock(ms: number | null): string {
  return ms === null ? "now" : `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
