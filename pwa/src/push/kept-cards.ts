import type { KeptCard } from "../offline/kept.ts";
import { OFFLINE_LIMITS as LIMITS } from "../offline/limits.ts";

/** The cards, newest first, one of each incident: an older version never takes the place of a newer one. */
export function withCard(cards: readonly KeptCard[], card: KeptCard): readonly KeptCard[] {
  const known = cards.find(({ incidentId }) => incidentId === card.incidentId);
  if (known !== undefined && known.version > card.version) return cards;
  return [card, ...cards.filter((one) => one !== known)].slice(0, LIMITS.cards);
}
