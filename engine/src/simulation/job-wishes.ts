import type { Alert, AlertCard, AlertLevel } from "../model/alert.ts";
import type { Dice } from "./dice.ts";

/** Who owns jobs. */
export const TEAMS = ["payments", "lending"] as const;
const TIERS = [1, 2, 2, 3, 4] as const;

type Wish = Pick<AlertCard, "teamId" | "tier">;

/** What people set on jobs, as it is on the cards of their alerts: two teams share them, of all tiers. */
export class JobWishes {
  readonly #dice: Dice;
  readonly #wishes = new Map<string, Wish>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  of(jobId: string): Wish {
    const known = this.#wishes.get(jobId);
    if (known !== undefined) return known;
    const wish = { teamId: this.#dice.pick(TEAMS), tier: this.#dice.pick(TIERS) };
    this.#wishes.set(jobId, wish);
    return wish;
  }

  /** Somebody sees what hangs on the job, or that nothing does. */
  changeTier(jobId: string): void {
    this.#wishes.set(jobId, { ...this.of(jobId), tier: this.#dice.pick(TIERS) });
  }

  /** The level with what is set on its job. */
  on(level: AlertLevel): AlertLevel {
    if (!level.holds || level.card.jobId === null) return level;
    return { ...level, card: { ...level.card, ...this.of(level.card.jobId) } };
  }

  /** What its job says of it once more. */
  again({ rule, subject, since, card }: Alert): AlertLevel {
    return this.on({ rule, subject, holds: true, since, card });
  }
}
