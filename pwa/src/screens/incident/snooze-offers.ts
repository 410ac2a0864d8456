import { formatClock, formatDuration } from "../../components/format.ts";

export interface SnoozeOffer {
  readonly label: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

const OFFERS_MS: readonly number[] = [15, 30, 60, 120].map((minutes) => minutes * 60_000);

/**
 * How long an incident may be left alone: the usual spans that end in time, and the last moment itself where a
 * span would go beyond it. @param most the last moment, epoch milliseconds; null where it is not known here
 */
export function snoozeOffers(now: number, most: number | null): readonly SnoozeOffer[] {
  const offers = OFFERS_MS.map((spanMs) => ({ spanMs, until: now + spanMs }))
    .filter(({ until }) => most === null || until <= most)
    .map(({ spanMs, until }) => ({ label: formatDuration(spanMs), until }));
  const isBounded = most !== null && most > now && offers.length < OFFERS_MS.length;
  if (!isBounded || offers.some(({ until }) => until === most)) return offers;
  return [...offers, { label: `Until ${formatClock(most, now)}`, until: most }];
}
