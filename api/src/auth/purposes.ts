import type { SealedText } from "@batchwatch/engine";

/** What a webhook's secrets are sealed for: they cannot be put in another's place. */
export function webhookPurpose(webhookId: string): string {
  return `webhook:${webhookId}`;
}

/** What a secret of the store was sealed for. */
export function purposeOf({ place, id }: Pick<SealedText, "place" | "id">): string {
  return place === "webhook" ? webhookPurpose(id) : id;
}
