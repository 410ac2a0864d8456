import { LIMITS } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

interface Answer {
  /** Access tokens that the next refresh token was handed out with. */
  readonly tokenIds: readonly string[];
  readonly until: number;
}

/**
 * Answers to refreshes of which nobody is known to have received them: no access token of them has come back. While that is so,
 * asking again gets the next refresh token once more. As soon as one is used, somebody has it, and who asks with the one before gets no
 * other: if that was a thief, they or the person will present an old one, and the family ends.
 */
export class Unheard {
  readonly #answers = new Map<string, Answer>();

  /** The next refresh token was handed out, together with this access token. */
  answered(sessionId: string, tokenId: string, now: number): void {
    const before = this.isUnheard(sessionId, now) ? this.#answers.get(sessionId) : undefined;
    // Insertion order is order of time: what is too old stands in front.
    for (const [id, { until }] of this.#answers) {
      if (until > now && this.#answers.size < API_LIMITS.answersRemembered) break;
      this.#answers.delete(id);
    }
    this.#answers.delete(sessionId);
    const until = before?.until ?? now + LIMITS.refreshGraceMs;
    this.#answers.set(sessionId, { tokenIds: [...(before?.tokenIds ?? []), tokenId], until });
  }

  heard(sessionId: string, tokenId: string): void {
    if (this.#answers.get(sessionId)?.tokenIds.includes(tokenId) === true) {
      this.#answers.delete(sessionId);
    }
  }

  isUnheard(sessionId: string, now: number): boolean {
    const answer = this.#answers.get(sessionId);
    return answer !== undefined && answer.until > now;
  }
}
