import { CompiledQuery, type QueryExecutorProvider, type QueryResult } from "kysely";
import type { Database } from "../schema/database.ts";

/**
 * What a column gets when the row exists already. `unlessSet` names a column: the new value counts
 * only while that one is null in the stored row.
 */
export type OnRepeat =
  | "keep"
  | "replace"
  | "smaller"
  | "larger"
  | "sum"
  | { readonly unlessSet: string };

/** What a writer needs of a database or an open transaction. */
export interface QueryRunner extends QueryExecutorProvider {
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
}

export interface RowWriter<Row> {
  /** Inserts or merges one row; answers how many rows were inserted or changed (0 or 1). */
  write(db: QueryRunner, row: Row): Promise<number>;
  /** The same for any number of rows, in their order and in few statements. */
  writeAll(db: QueryRunner, rows: readonly Row[]): Promise<number>;
}

/** Rows of one statement: few lengths, so that there are few texts to prepare. */
const ROWS_AT_ONCE = [64, 16, 4, 1] as const;

/**
 * The only place that spells a conflict clause: shared code stays free of it, because Oracle has
 * MERGE instead. The texts are built once; each write only binds. Empty text is written as NULL.
 */
export function rowWriter<T extends keyof Database>(
  table: T,
  key: readonly (keyof Database[T] & string)[],
  onRepeat: Readonly<Record<keyof Database[T] & string, OnRepeat>>,
): RowWriter<Database[T]> {
  const columns = Object.keys(onRepeat);
  const texts = new Map<number, string>();
  const textOf = (rows: number): string => {
    const text = texts.get(rows) ?? upsertText(table, key, columns, onRepeat, rows);
    texts.set(rows, text);
    return text;
  };
  async function write(db: QueryRunner, rows: readonly Database[T][]): Promise<number> {
    let changed = 0;
    let left = rows;
    for (const most of ROWS_AT_ONCE) {
      while (left.length >= most) {
        const values = left
          .slice(0, most)
          .flatMap((row) => columns.map((column) => emptyToNull(Reflect.get(row, column))));
        const result = await db.executeQuery(CompiledQuery.raw(textOf(most), values));
        changed += Number(result.numAffectedRows ?? 0n);
        left = left.slice(most);
      }
    }
    return changed;
  }
  return { write: (db, row) => write(db, [row]), writeAll: write };
}

function emptyToNull(value: unknown): unknown {
  return value === "" ? null : value;
}

function upsertText(
  table: string,
  key: readonly string[],
  columns: readonly string[],
  onRepeat: Readonly<Record<string, OnRepeat>>,
  rows: number,
): string {
  const updates = columns
    .filter((column) => !key.includes(column) && onRepeat[column] !== "keep")
    .map((column) => `"${column}" = ${merged(table, column, onRepeat[column] ?? "keep")}`);
  const action = updates.length === 0 ? "nothing" : `update set ${updates.join(", ")}`;
  const names = columns.map((column) => `"${column}"`).join(", ");
  const binds = `(${columns.map(() => "?").join(", ")})`;
  const values = Array.from({ length: rows }, () => binds).join(", ");
  const target = key.map((column) => `"${column}"`).join(", ");
  return `insert into "${table}" (${names}) values ${values} on conflict (${target}) do ${action}`;
}

function merged(table: string, column: string, rule: OnRepeat): string {
  const stored = `"${table}"."${column}"`;
  const given = `excluded."${column}"`;
  if (rule === "replace") return given;
  if (rule === "smaller") return `case when ${given} < ${stored} then ${given} else ${stored} end`;
  if (rule === "larger") return `case when ${given} > ${stored} then ${given} else ${stored} end`;
  if (rule === "sum") return `${stored} + ${given}`;
  if (rule === "keep") return stored;
  return `case when "${table}"."${rule.unlessSet}" is null then ${given} else ${stored} end`;
}
