import type { Compilable, CompiledQuery, Kysely, QueryResult } from "kysely";
import type { Database } from "../schema/database.ts";

type Values = readonly (string | number | null)[];

type Build<V extends Values, Row> = (db: Kysely<Database>, values: V) => Compilable<Row>;

/** Stands for the value at its place while the text is made. */
class Place {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Lists longer than this are so seldom that their text is made each time; shorter ones are best padded (in-list.ts). */
const KEPT_LENGTHS = 260;

/**
 * A query whose text depends on nothing but the number of its values: building and compiling it takes longer than
 * most reads and writes by key, so that is done once for each number. A value may be used more than once. Where it
 * decides what the text is (null or not), it is no value for this.
 */
export function fixedQuery<V extends Values, Row>(
  build: Build<V, Row>,
): (db: Kysely<Database>, values: V) => Promise<readonly Row[]> {
  const run = fixed(build);
  return async (db, values) => (await run(db, values)).rows;
}

/** The same for a statement that writes; answers how many rows it changed. */
export function fixedWrite<V extends Values>(
  build: Build<V, unknown>,
): (db: Kysely<Database>, values: V) => Promise<number> {
  const run = fixed(build);
  return async (db, values) => Number((await run(db, values)).numAffectedRows ?? 0n);
}

function fixed<V extends Values, Row>(
  build: Build<V, Row>,
): (db: Kysely<Database>, values: V) => Promise<QueryResult<Row>> {
  const kept = new Map<number, CompiledQuery<Row>>();
  return async (db, values) => {
    const { length } = values;
    let made = kept.get(length);
    if (made === undefined) {
      const places = Array.from({ length }, (_, index) => new Place(index));
      made = build(db, places as unknown as V).compile();
      if (length <= KEPT_LENGTHS) kept.set(length, made);
    }
    const parameters = made.parameters.map((one) =>
      one instanceof Place ? values[one.index] : one,
    );
    return db.executeQuery<Row>({ ...made, parameters });
  };
}
