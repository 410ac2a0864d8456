import type { DeliveryView, NotificationKind } from "batchwatch/router";
import { formatClock } from "../../components/format.ts";

/** Who was told, and how far it came. `now` is in epoch milliseconds. */

export interface ReceiverWords {
  readonly key: string;
  readonly receiver: string;
  readonly channel: string;
  /** `sent 02:15 · shown 02:15 · seen 02:16` */
  readonly words: string;
  /** What went wrong with some of the messages or devices; null where nothing did. */
  readonly trouble: string | null;
  /** False while nothing has come through to this receiver. */
  readonly hasReached: boolean;
}

const CHANNEL_WORDS = { webpush: "push", webhook: "webhook" } as const;

export const KIND_WORDS: Readonly<Record<NotificationKind, string>> = {
  page: "Page",
  update: "Update",
  reminder: "Reminder",
  recovered: "Recovered",
  retracted: "Retracted",
  test: "Test",
  canary: "Canary",
  approval: "Approval needed",
  "break-glass": "Break-glass",
};

/** One line a receiver, in the order in which they were first told. A person's devices count as one receiver. */
export function receiverWords(
  deliveries: readonly DeliveryView[],
  now: number,
): readonly ReceiverWords[] {
  const groups = new Map<string, DeliveryView[]>();
  const inOrder = deliveries.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  for (const delivery of inOrder) {
    const key = `${delivery.channel} ${delivery.receiver}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [delivery]);
    else known.push(delivery);
  }
  return [...groups].map(([key, group]) => receiverLine(key, group, now));
}

function receiverLine(key: string, group: readonly DeliveryView[], now: number): ReceiverWords {
  const [first] = group;
  const sentAt = earliest(group.map((one) => one.sentAt));
  const dead = group.filter((one) => one.state === "DEAD");
  const error = dead.find((one) => one.lastError !== null)?.lastError ?? "given up";
  const isPush = first?.channel === "webpush";
  return {
    key,
    receiver: first?.receiver ?? "",
    channel: first === undefined ? "" : CHANNEL_WORDS[first.channel],
    words: sentAt === null ? notSentWords(group, now) : sentWords(group, sentAt, isPush, now),
    trouble:
      dead.length === 0
        ? null
        : sentAt === null
          ? `Did not arrive: ${error}`
          : `${dead.length} of ${group.length} messages did not arrive: ${error}`,
    hasReached: sentAt !== null,
  };
}

function sentWords(
  group: readonly DeliveryView[],
  sentAt: string,
  isPush: boolean,
  now: number,
): string {
  const clock = (at: string): string => formatClock(Date.parse(at), now);
  const shownAt = earliest(group.map((one) => one.shownAt));
  const seenAt = earliest(group.map((one) => one.seenAt));
  const parts = [`sent ${clock(sentAt)}`];
  if (shownAt !== null) parts.push(`shown ${clock(shownAt)}`);
  else if (isPush && seenAt === null) parts.push("shown: not reported by this device");
  if (seenAt !== null) parts.push(`seen ${clock(seenAt)}`);
  else if (isPush) parts.push("not opened yet");
  return parts.join(" · ");
}

function notSentWords(group: readonly DeliveryView[], now: number): string {
  const pending = group.find((one) => one.state === "PENDING");
  if (pending !== undefined) {
    if (pending.attempts === 0) return "being sent";
    const next =
      pending.nextAttemptAt === null
        ? ""
        : `, tried again ${formatClock(Date.parse(pending.nextAttemptAt), now)}`;
    return `not sent yet, tried ${times(pending.attempts)}${next}`;
  }
  return group.some((one) => one.state === "DEAD") ? "not reached" : "not needed any more";
}

/** `once`, `3 times` */
export function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function earliest(moments: readonly (string | null)[]): string | null {
  const known = moments.filter((moment) => moment !== null).toSorted();
  return known[0] ?? null;
}
