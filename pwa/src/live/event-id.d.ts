/** A position in the server's stream: `epoch:seq`. Another epoch means another life of the server. */
export interface EventId {
  readonly epoch: string;
  readonly seq: number;
}
export declare function eventIdOf(position: EventId): string;
/** Null when the text is not `epoch:seq`. */
export declare function parseEventId(text: string): EventId | null;
//# sourceMappingURL=event-id.d.ts.map
