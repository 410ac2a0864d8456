import { Dice } from "./dice.ts";

/** What can go wrong. Rates are probabilities per message inside the process, or per request. */
export const FAULTS = [
  "shard-crash",
  "shard-hangs-and-wakes",
  "store-crash",
  "store-outage",
  "process-crash",
  "restart-with-other-shards",
  "older-store",
  "disk-full",
  "clock-jump",
  "pause",
  "silent-source",
  "other-state-version",
  "poison-unit",
  "poison-fact",
  "unreadable-record",
  "receiver-away",
  "slow-receiver",
  "sender-crash",
  "lost-reply",
  "lost-request",
  "repeat",
  "slow-message",
  "late-fact",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Scenario {
  readonly hours: number;
  readonly shards: number;
  readonly jobs: {
    readonly frequent: number;
    readonly hourly: number;
    readonly daily: number;
    /** All runs of one business date, more of them a day than a job remembers. */
    readonly today: number;
  };
  readonly rates: Readonly<Record<Fault, number>>;
}

/** Usual rates; a seed takes some of the faults, each a few times rarer or more often. */
const USUAL: Readonly<Record<Fault, number>> = {
  "shard-crash": 1 / 5_000,
  "shard-hangs-and-wakes": 1 / 4_000,
  "store-crash": 1 / 2_500,
  "store-outage": 1 / 8_000,
  "process-crash": 1 / 10_000,
  "restart-with-other-shards": 1 / 8_000,
  "older-store": 1 / 20_000,
  "disk-full": 1 / 8_000,
  "clock-jump": 1 / 12_000,
  pause: 1 / 5_000,
  "silent-source": 1 / 6_000,
  "other-state-version": 1 / 12_000,
  "poison-unit": 1 / 12_000,
  "poison-fact": 1 / 12_000,
  "unreadable-record": 1 / 15_000,
  "receiver-away": 1 / 3_000,
  "slow-receiver": 0.05,
  "sender-crash": 1 / 40,
  "lost-reply": 0.05,
  "lost-request": 0.05,
  repeat: 0.05,
  "slow-message": 0.02,
  "late-fact": 0.03,
};

/** The faults and the traffic of a seed. */
export function scenarioOf(seed: number, hours: number): Scenario {
  const dice = new Dice(seed, "scenario");
  const rates = Object.fromEntries(
    FAULTS.map((fault) => {
      const factor = dice.chance(0.35) ? 0 : dice.pick([0.25, 0.5, 0.5, 1.5]);
      return [fault, USUAL[fault] * factor];
    }),
  ) as Record<Fault, number>;
  return {
    hours,
    shards: dice.whole(1, 3),
    jobs: {
      frequent: dice.pick([0, 1, 1]),
      hourly: dice.whole(0, 2),
      daily: dice.whole(1, 3),
      today: dice.pick([0, 0, 1]),
    },
    rates,
  };
}

/** The same traffic with nothing going wrong: what every other run is measured against. */
export function calm(scenario: Scenario): Scenario {
  const rates = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  return { ...scenario, rates };
}
