import { ClockWords, cutText, type Notification, type NotificationCard } from "@batchwatch/engine";

/** What the lock screen shows. */
export interface PushText {
  readonly title: string;
  readonly body: string;
}

const TITLE_LENGTH = 60;
const BODY_LENGTH = 120;

/** The texts of a notification, held to the length that lock screens show. */
export function pushTextOf(card: NotificationCard): PushText {
  return { title: cutText(card.title, TITLE_LENGTH), body: cutText(card.body, BODY_LENGTH) };
}

/**
 * The same for a phone whose lock screen must say nothing of jobs: how bad, how many, and when.
 * @param zone IANA zone of its times
 */
export function privateTextOf(notification: Notification, zone: string): PushText {
  const { card, kind, createdAt } = notification;
  const clock = new ClockWords(createdAt, zone);
  if (kind === "update" && card.acknowledgedBy !== null) {
    return { title: "Batchwatch: 1 incident is taken", body: "Somebody has it. Open to see." };
  }
  switch (kind) {
    case "page":
    case "update": {
      const paged = clock.at(createdAt);
      const nextAt = card.nextAt === null ? Number.NaN : Date.parse(card.nextAt);
      const next = Number.isNaN(nextAt) ? "" : `, next person ${clock.at(nextAt)}`;
      return {
        title: `Batchwatch: ${card.severity}, 1 incident`,
        body: `Open to see. Paged ${paged}${next}.`,
      };
    }
    case "reminder":
      return {
        title: `Batchwatch: ${card.severity}, still yours?`,
        body: `Open and answer within 10 min. Asked ${clock.at(createdAt)}.`,
      };
    case "recovered":
    case "retracted":
      return { title: "Batchwatch: 1 incident ended", body: "Open to see." };
    case "approval":
      return { title: "Batchwatch: approval needed", body: "Open to see what waits for you." };
    case "break-glass":
      return {
        title: "Batchwatch: break-glass",
        body: `Somebody changed something alone at ${clock.at(createdAt)}. Open to see.`,
      };
    case "test":
    case "canary":
      return { title: "Batchwatch: test", body: "This device can be woken." };
  }
}
