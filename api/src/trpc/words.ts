import { cutText, maskText, stripText } from "@batchwatch/engine";
import { z } from "zod";

/**
 * What a person writes, as it is kept: trimmed, and masked before anything else sees it. A person who pastes a customer's card
 * number into a comment has made it no less of one.
 *
 * @param most characters, before and after
 */
export function words(most: number, least: 0 | 1 = 0) {
  return z
    .string()
    .trim()
    .min(least)
    .max(most)
    .transform((text) => cutText(maskText(stripText(text)).text, most));
}
