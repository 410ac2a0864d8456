/** A position in the server's stream: `epoch:seq`. Another epoch means another life of the server. */
export interface EventId {
  readonly epoch: string;
  readonly seq: number;
}

export function eventIdOf(position: EventId): string {
  return `${position.epoch}:${position.seq}`;
}

/** Null when the text is not `epoch:seq`. */
export function parseEventId(text: string): EventId | null {
  const colon = text.lastIndexOf(":");
  const seq = Number(text.slice(colon + 1));
  if (colon < 1 || !Number.isSafeInteger(seq) || text.length === colon + 1) return null;
  return { epoch: text.slice(0, colon), seq };
}
