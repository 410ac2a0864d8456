import { hash } from "node:crypto";
import { LIMITS } from "./limits.ts";

const SEPARATOR = "\u0000";

/** First `length` hex digits of the SHA-256 of the parts, joined by NUL (which no part can hold: `admit` refuses it). */
function digest(length: number, parts: readonly string[]): string {
  return hash("sha256", parts.join(SEPARATOR)).slice(0, length);
}

/**
 * A job's stable id: 80 bits of hash over source, namespace and name.
 * Computable at the door without a look-up; a rename is an alias that maps to the older id.
 */
export function jobIdOf(sourceId: string, namespace: string, name: string): string {
  return digest(20, [sourceId, namespace, name]);
}

/** A run's stable id: 128 bits of hash over source, namespace, job name and the source's own run id. */
export function executionIdOf(
  sourceId: string,
  namespace: string,
  name: string,
  runKey: string,
): string {
  return digest(32, [sourceId, namespace, name, runKey]);
}

/** Id of a fact's content: repeats of one fact share it. */
export function contentIdOf(...parts: string[]): string {
  return digest(24, parts);
}

/** Partition of a job, 0 … 63: the first 32 bits of its hash id. */
export function partitionOf(jobId: string): number {
  return Number.parseInt(jobId.slice(0, 8), 16) % LIMITS.partitions;
}

/** Id of the alert that a rule raises about a subject. */
export function alertIdOf(rule: string, subject: string): string {
  return digest(24, ["alert", rule, subject]);
}
