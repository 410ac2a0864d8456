import { LIMITS } from "../model/limits.ts";

/** Partitions that shard `index` of `count` hosts. */
export function partitionsOf(index: number, count: number): readonly number[] {
  return Array.from({ length: LIMITS.partitions }, (_, partition) => partition).filter(
    (partition) => partition % count === index,
  );
}
