import { SettingsError } from "../setting-values.ts";
import { API_LIMITS } from "../options.ts";
import type { RingKey } from "./seal.ts";

/** 32 random bytes in base64url are 43 characters; a pass phrase of this length is not refused. */
const LEAST_LENGTH = 32;
const MOST_LENGTH = 4_096;
const HEADER =
  "# Batchwatch keys, newest first. The older ones open what was sealed before: keep them.";
const LINE = /^key ([\w-]{22,5500})(?: retired (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z))?$/;

/**
 * The keys that a secret file holds, newest first. A file that no change of the key has touched is one secret, all of it.
 * Fails with {@link SettingsError}, which names the file and none of its content.
 */
export function parseKeyRing(file: string, text: string): readonly RingKey[] {
  const lines = text.trim().split(/\r?\n/);
  if (lines[0]?.trim() !== HEADER) return [{ material: secretOf(file, text), retiredAt: null }];
  const keys = lines.slice(1).map((line, index) => {
    const [, secret, retired] = LINE.exec(line.trim()) ?? [];
    if (secret === undefined || (retired === undefined) !== (index === 0)) {
      throw new SettingsError(
        `The secret file ${file} cannot be read at line ${index + 2}; bring back the file as "keys rotate" wrote it.`,
      );
    }
    const retiredAt = retired === undefined ? null : Date.parse(retired);
    return { material: Buffer.from(secret, "base64url"), retiredAt };
  });
  if (keys.length === 0 || keys.length > API_LIMITS.keysKept) {
    throw new SettingsError(
      `The secret file ${file} holds ${keys.length} keys; it must hold 1 to ${API_LIMITS.keysKept}.`,
    );
  }
  return keys;
}

export function writtenKeyRing(keys: readonly RingKey[]): string {
  const lines = keys.map(({ material, retiredAt }) => {
    const retired = retiredAt === null ? "" : ` retired ${new Date(retiredAt).toISOString()}`;
    return `key ${material.toString("base64url")}${retired}`;
  });
  return `${[HEADER, ...lines].join("\n")}\n`;
}

function secretOf(file: string, text: string): Buffer {
  const secret = text.trim();
  if (secret.length < LEAST_LENGTH || secret.length > MOST_LENGTH) {
    throw new SettingsError(
      `The secret file ${file} has ${secret.length} characters; it must hold ${LEAST_LENGTH} to ${MOST_LENGTH}, such as from: openssl rand -base64 32`,
    );
  }
  return Buffer.from(secret, "utf8");
}
