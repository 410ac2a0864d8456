import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("calendar")
    .addColumn("calendar_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("name", "varchar(200)", (c) => c.notNull())
    .addColumn("zone", "varchar(60)", (c) => c.notNull())
    .addColumn("workdays", "varchar(20)")
    .addColumn("covers_until", "varchar(10)")
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .addColumn("changed_by", "varchar(100)", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("calendar_day")
    .addColumn("calendar_id", "varchar(40)", (c) =>
      c.references("calendar.calendar_id").onDelete("cascade").notNull(),
    )
    .addColumn("calendar_day", "varchar(10)", (c) => c.notNull())
    .addColumn("kind", "varchar(20)", (c) => c.notNull())
    .addColumn("label", "varchar(200)")
    .addPrimaryKeyConstraint("calendar_day_pk", ["calendar_id", "calendar_day"])
    .execute();
}
