import { type AuditStore, type AuditVerdict, ChainCheck, type HeadLine } from "@batchwatch/engine";

export interface TrailToVerify {
  readonly audit: Pick<AuditStore, "from" | "ends">;
  readonly key: Buffer;
  readonly heads: () => Promise<readonly HeadLine[]>;
  /** Lines of a copy that was kept elsewhere. */
  readonly kept?: readonly HeadLine[];
  /** Time for it, ms; null: as long as it takes. */
  readonly mostMs: number | null;
  readonly now: () => number;
  /** How far it is, in words. */
  readonly onProgress?: (words: string) => void;
}

/** Pages between two words on progress. */
const PAGES_PER_WORD = 100;

/** Reads the whole trail and says what is wrong with it first, or that nothing is. */
export async function verifyTrail(trail: TrailToVerify): Promise<AuditVerdict> {
  const { verdict, anchoredAt } = await verifyOnce(trail);
  if (verdict.intact) return verdict;
  // Retention may have removed the oldest while they were read.
  const { anchor } = await trail.audit.ends();
  return (anchor?.seq ?? 0) === anchoredAt ? verdict : (await verifyOnce(trail)).verdict;
}

async function verifyOnce(
  trail: TrailToVerify,
): Promise<{ readonly verdict: AuditVerdict; readonly anchoredAt: number }> {
  const { audit, key, mostMs, now, onProgress } = trail;
  const started = now();
  // Heads first: what is appended meanwhile is only more than they say.
  const heads = await trail.heads();
  const ends = await audit.ends();
  const check = new ChainCheck({ key, ends, heads, kept: trail.kept ?? [] });
  const over = (verdict: AuditVerdict) => ({ verdict, anchoredAt: ends.anchor?.seq ?? 0 });
  for (let pages = 1; ; pages += 1) {
    const page = await audit.from(check.next);
    if (page.length === 0 || !check.take(page)) return over(check.end());
    if (mostMs !== null && now() - started > mostMs) return over(check.soFar());
    if (pages % PAGES_PER_WORD === 0) {
      onProgress?.(`${check.next - 1} of ${ends.appended} records are intact so far.`);
    }
  }
}
