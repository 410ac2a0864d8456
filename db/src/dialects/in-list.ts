import { sql, type RawBuilder, type SqlBool } from "kysely";
import { DB_LIMITS } from "../schema/limits.ts";

/** `column in (…)`, split so that no list is longer than every dialect takes. `values` must not be empty. */
export function inList(column: string, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  const lists: RawBuilder<SqlBool>[] = [];
  for (let from = 0; from < values.length; from += DB_LIMITS.inList) {
    const part = values.slice(from, from + DB_LIMITS.inList);
    lists.push(sql<SqlBool>`${sql.ref(column)} in (${sql.join(part)})`);
  }
  return sql<SqlBool>`(${sql.join(lists, sql` or `)})`;
}

/**
 * The same values, the last of them repeated until there is a power of two: what a list of a fixed query holds does not
 * change, and few lengths mean few texts. `values` must not be empty.
 */
export function padded<T>(values: readonly T[]): readonly T[] {
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const last = values.at(-1);
  if (last === undefined || values.length === length) return values;
  return [...values, ...Array.from({ length: length - values.length }, () => last)];
}
