import { createHash } from "node:crypto";

/** What stands for somebody who is not there any more: the same for one id at all times, and nothing of the person in it. */
export function formerName(userId: string): string {
  const digest = createHash("sha256").update(`former user ${userId}`).digest("hex");
  return `Former user ${digest.slice(0, 6)}`;
}
