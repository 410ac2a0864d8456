import { createHmac } from "node:crypto";
import type { AuditFilter, LinkedAuditRecord, SignedAuditHead } from "../model/audit.ts";
import { auditMac } from "./chain.ts";
import { isOurHead } from "./heads.ts";

const TYPE = "batchwatch-audit-evidence";
const HOW =
  "Each line is JSON. A record's mac is HMAC-SHA256, with the key of this installation, over the mac before it, a line break, and its " +
  "content (engine/src/audit/chain.ts). The last line seals the lines before it and holds the newest head. To check: batchwatch audit check FILE";

export interface EvidenceParts {
  readonly key: Buffer;
  readonly storeId: string;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly filter: AuditFilter;
  /** Ascending. */
  readonly records: readonly LinkedAuditRecord[];
  readonly cut: boolean;
  readonly head: SignedAuditHead | null;
}

/** NDJSON that can be checked by itself: each record with its mac and the one before it, sealed as a whole. */
export function evidenceText(parts: EvidenceParts): string {
  const { key, storeId, madeAt, filter, records, cut, head } = parts;
  const first = {
    type: TYPE,
    version: 1,
    storeId,
    madeAt: new Date(madeAt).toISOString(),
    filter,
    records: records.length,
    cut,
    how: HOW,
  };
  const lines = [first, ...records].map((line) => `${JSON.stringify(line)}\n`).join("");
  const sealed = `${lines}${JSON.stringify(head)}\n`;
  return `${lines}${JSON.stringify({ head, seal: fileSeal(key, sealed) })}\n`;
}

export interface EvidenceVerdict {
  readonly intact: boolean;
  readonly records: number;
  readonly brokenAt: number | null;
  readonly finding: string;
}

/** Whether a file is what we gave out, and its records are what was written; the first that is not is named. */
export function checkEvidence(key: Buffer, text: string): EvidenceVerdict {
  const lines = text.split("\n").slice(0, -1);
  const end = parsed(lines.at(-1));
  const first = parsed(lines[0]);
  if (first?.["type"] !== TYPE || end?.["seal"] === undefined) {
    return refused(0, null, "This is no evidence file, or a part of one.");
  }
  const records = lines.slice(1, -1);
  for (const [index, line] of records.entries()) {
    const record = parsed(line) as unknown as LinkedAuditRecord | null;
    if (record === null) return refused(index, null, `Line ${index + 2} cannot be read.`);
    const { seq } = record;
    if (!isGenuine(key, record)) {
      return refused(index, seq, `Record ${seq} was changed, or is of another installation.`);
    }
  }
  const head = end["head"] as SignedAuditHead | null;
  const sealed = `${lines.slice(0, -1).join("\n")}\n${JSON.stringify(head)}\n`;
  if (end["seal"] !== fileSeal(key, sealed) || (head !== null && !isOurHead(key, head))) {
    const words = "Its records are genuine, but the file was changed: lines are missing or moved.";
    return refused(records.length, null, words);
  }
  const finding = `The file is whole: ${records.length} records are as they were written.`;
  return { intact: true, records: records.length, brokenAt: null, finding };
}

/** Of a line that is no record nothing is known to be there. */
function isGenuine(key: Buffer, record: LinkedAuditRecord): boolean {
  try {
    return auditMac(key, record.before, record.seq, record) === record.mac;
  } catch {
    return false;
  }
}

function refused(records: number, brokenAt: number | null, finding: string): EvidenceVerdict {
  return { intact: false, records, brokenAt, finding };
}

function parsed(line: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line ?? "");
    return typeof value === "object" ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function fileSeal(key: Buffer, text: string): string {
  return createHmac("sha256", key).update("evidence\n").update(text).digest("hex");
}
