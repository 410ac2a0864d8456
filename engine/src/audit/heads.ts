import { createHmac } from "node:crypto";
import type { AuditAnchor, AuditHead, SignedAuditHead } from "../model/audit.ts";
import { LIMITS } from "../model/limits.ts";

const DAY_MS = 86_400_000;

/** Seals the newest record's place for keeping outside of the store: a cut-off end is noticed by it. */
export function signedHead(key: Buffer, storeId: string, head: AuditHead): SignedAuditHead {
  const { seq, mac, at } = head;
  return { storeId, seq, mac, at, seal: sealOf(key, "head", storeId, seq, mac, at) };
}

/** The same where the file of heads has to be begun anew although the trail has records: says so as long as nobody takes the line away. */
export function signedBeginning(key: Buffer, storeId: string, head: AuditHead): SignedAuditHead {
  const { seq, mac, at } = head;
  return { storeId, seq, mac, at, begun: true, seal: sealOf(key, "begun", storeId, seq, mac, at) };
}

export function isOurHead(key: Buffer, head: SignedAuditHead): boolean {
  const { storeId, seq, mac, at, begun, seal } = head;
  return seal === sealOf(key, begun === true ? "begun" : "head", storeId, seq, mac, at);
}

/** Seals where the kept records begin. */
export function signedAnchor(key: Buffer, last: AuditHead, removedAt: number): AuditAnchor {
  const { seq, mac } = last;
  return { seq, mac, at: removedAt, seal: sealOf(key, "anchor", seq, mac, removedAt) };
}

export function isOurAnchor(key: Buffer, { seq, mac, at, seal }: AuditAnchor): boolean {
  return seal === sealOf(key, "anchor", seq, mac, at);
}

/** A chain's macs begin with 64 hex digits and a line break, so none of them is ever one of these. */
function sealOf(key: Buffer, ...parts: readonly (string | number)[]): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("hex");
}

/** One line of the head file; `head` null: it cannot be read. */
export interface HeadLine {
  /** 1 is the first. */
  readonly line: number;
  readonly text: string;
  readonly head: SignedAuditHead | null;
}

/** One line of the file: JSON and a line break. */
export function headLine(head: SignedAuditHead): string {
  return `${JSON.stringify(head)}\n`;
}

/** What a file of heads says. Its last line counts only with its line break: without, it was never written whole. */
export function readHeads(text: string): readonly HeadLine[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((one, index) => ({ line: index + 1, text: one, head: headOf(one) }));
}

/**
 * Whether this line was begun and never written whole, as on a full disk, and is followed by one that was. Whoever cuts a line down to that could
 * as well take it away: it is no evidence.
 */
export function isFragment(line: HeadLine, next: HeadLine | undefined): boolean {
  if (line.head !== null || next === undefined || next.head === null) return false;
  const { text } = line;
  const begins = FIRST_WORDS.startsWith(text) || text.startsWith(FIRST_WORDS);
  return begins && !text.endsWith("}");
}

/** What every line of the file begins with. */
const FIRST_WORDS = '{"storeId":"';

function headOf(text: string): SignedAuditHead | null {
  try {
    const value: unknown = JSON.parse(text);
    return isHead(value) ? value : null;
  } catch {
    return null;
  }
}

function isHead(value: unknown): value is SignedAuditHead {
  if (typeof value !== "object" || value === null) return false;
  const { storeId, seq, mac, at, begun, seal } = value as Record<string, unknown>;
  if (begun !== undefined && begun !== true) return false;
  const texts = [storeId, mac, seal].every((one) => typeof one === "string");
  return texts && Number.isSafeInteger(seq) && Number.isSafeInteger(at);
}

/**
 * The lines that stay: every one of the last minutes, one for each ten minutes of the last day, one a day before; of each stretch the
 * newest, and the last line of all. So does what may be evidence: a line that cannot be read, the last one before the heads went back to a lower
 * place, and, whatever their number, those at which the file was begun anew.
 */
export function keptHeads(lines: readonly HeadLine[], now: number): readonly HeadLine[] {
  const begun: HeadLine[] = [];
  const evidence: HeadLine[] = [];
  const newest = new Map<string, HeadLine>();
  for (const [index, line] of lines.entries()) {
    const { head } = line;
    const next = lines[index + 1]?.head ?? null;
    const isLast = index === lines.length - 1;
    if (isFragment(line, lines[index + 1])) continue;
    if (head?.begun === true) begun.push(line);
    else if (isLast || head === null || (next !== null && goesBack(head, next)))
      evidence.push(line);
    else if (dayOf(head) >= dayOf({ at: now }) - LIMITS.auditHeadDays) {
      newest.set(stretchOf(head, now), line);
    }
  }
  const rest = [...evidence, ...newest.values()]
    .sort((a, b) => a.line - b.line)
    .slice(-LIMITS.auditHeadLines);
  return [...begun, ...rest].sort((a, b) => a.line - b.line);
}

function goesBack(head: SignedAuditHead, next: SignedAuditHead): boolean {
  if (next.storeId !== head.storeId) return true;
  return next.seq < head.seq || (next.seq === head.seq && next.mac !== head.mac);
}

function stretchOf(head: SignedAuditHead, now: number): string {
  const { seq, at } = head;
  if (now - at < LIMITS.auditHeadsAllMs) return `place ${seq}`;
  if (now - at < DAY_MS) return `step ${Math.floor(at / LIMITS.auditHeadStepMs)}`;
  return `day ${dayOf(head)}`;
}

function dayOf({ at }: Pick<AuditHead, "at">): number {
  return Math.floor(at / DAY_MS);
}
