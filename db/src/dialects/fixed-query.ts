import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Database } from "../schema/database.ts";

/** Stands for the value at its place while the text is made. */
class Place {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Lists longer than this are so seldom that their text is made each time. */
const KEPT_LENGTHS = 64;

/**
 * A query whose text depends on nothing but the number of its values: building and compiling it takes longer than
 * most reads by key, so that is done once for each number. A value may be used more than once.
 */
export function fixedQuery<V extends string | number, Row>(
  build: (db: Kysely<Database>, values: readonly V[]) => Compilable<Row>,
): (db: Kysely<Database>, values: readonly V[]) => Promise<readonly Row[]> {
  const kept = new Map<number, CompiledQuery<Row>>();
  return async (db, values) => {
    const { length } = values;
    let made = kept.get(length);
    if (made === undefined) {
      const places = Array.from({ length }, (_, index) => new Place(index) as never);
      made = build(db, places).compile();
      if (length <= KEPT_LENGTHS) kept.set(length, made);
    }
    const parameters = made.parameters.map((one) =>
      one instanceof Place ? values[one.index] : one,
    );
    return (await db.executeQuery<Row>({ ...made, parameters })).rows;
  };
}
