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
