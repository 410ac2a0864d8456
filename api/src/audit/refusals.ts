import type { AuditFact } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

/** Somebody was not let in, or not let do something. */
export interface Refusal {
  /** Null: whoever it was did not say so credibly. */
  readonly userId: string | null;
  /** A procedure's name, or method and declared path of a route. */
  readonly what: string;
  /** HTTP status. */
  readonly status: 401 | 403;
}

interface Counted {
  readonly refusal: Refusal;
  readonly from: number;
  /** Beyond the one that was recorded at once. */
  again: number;
}

const OTHERS: Refusal = { userId: null, what: "others", status: 401 };

/**
 * The first refusal of a kind is recorded at once, the same again within a minute only counted, in one record at its end: whoever
 * hammers at a door fills nobody's disk. Kinds beyond the limit are counted together.
 */
export class Refusals {
  readonly #note: (fact: AuditFact) => void;
  readonly #counted = new Map<string, Counted>();

  constructor(note: (fact: AuditFact) => void) {
    this.#note = note;
  }

  add(refusal: Refusal, now: number): void {
    const key = `${refusal.userId} ${refusal.status} ${refusal.what}`;
    const known = this.#counted.get(key);
    if (known !== undefined) {
      known.again += 1;
      return;
    }
    if (this.#counted.size >= API_LIMITS.refusalKinds) {
      const others = this.#counted.get("others");
      if (others !== undefined) {
        others.again += 1;
        return;
      }
      this.#counted.set("others", { refusal: OTHERS, from: now, again: 0 });
      this.#note(factOf(OTHERS, now, { times: 1 }));
      return;
    }
    this.#counted.set(key, { refusal, from: now, again: 0 });
    this.#note(factOf(refusal, now, { times: 1 }));
  }

  /** Records what was counted and is a minute old; with `all`, everything. */
  flush(now: number, all = false): void {
    for (const [key, { refusal, from, again }] of this.#counted) {
      if (!all && now - from < API_LIMITS.refusalCountMs) continue;
      this.#counted.delete(key);
      if (again === 0) continue;
      this.#note(factOf(refusal, now, { times: again, since: new Date(from).toISOString() }));
    }
  }
}

function factOf(
  { userId, what, status }: Refusal,
  at: number,
  detail: AuditFact["detail"],
): AuditFact {
  return {
    at,
    actorKind: "user",
    actorId: userId ?? "unknown",
    action: "access-refused",
    subjectKind: "call",
    subjectId: what,
    teamId: null,
    detail: { status, ...detail },
  };
}
