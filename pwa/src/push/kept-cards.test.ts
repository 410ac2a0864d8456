import { describe, expect, it } from "vitest";
import type { KeptCard } from "../offline/kept.ts";
import { OFFLINE_LIMITS } from "../offline/limits.ts";
import { withCard } from "./kept-cards.ts";

const kept = (incidentId: string, version: number): KeptCard => ({
  incidentId,
  version,
  title: `${incidentId} ${version}`,
  body: "",
  card: null,
  receivedAt: "2026-11-11T02:14:01.000Z",
});
const ids = (cards: readonly KeptCard[]): readonly string[] => cards.map(({ title }) => title);

describe("the cards that came with pushes", () => {
  it("are one of each incident, the newest version, newest first", () => {
    const cards = [kept("a", 3), kept("b", 1)];
    expect(ids(withCard(cards, kept("b", 2)))).toEqual(["b 2", "a 3"]);
    expect(withCard(cards, kept("a", 2))).toBe(cards);
  });

  it("are at most fifty", () => {
    const many = Array.from({ length: OFFLINE_LIMITS.cards }, (_, index) => kept(`i-${index}`, 1));
    const after = withCard(many, kept("new", 1));
    expect(after).toHaveLength(OFFLINE_LIMITS.cards);
    expect(after[0]?.incidentId).toBe("new");
  });
});
