import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("job_dataset")
    .addColumn("job_id", "varchar(40)", (c) =>
      c.references("job.job_id").onDelete("cascade").notNull(),
    )
    .addColumn("direction", "varchar(3)", (c) => c.notNull())
    .addColumn("dataset_key", "varchar(40)", (c) => c.notNull())
    .addColumn("dataset", "text", (c) => c.notNull())
    .addColumn("met_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("job_dataset_pk", ["job_id", "direction", "dataset_key"])
    .execute();
  await db.schema
    .createIndex("job_dataset_ix_dataset")
    .on("job_dataset")
    .columns(["dataset_key", "direction", "job_id"])
    .execute();
}
