import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("push_subscription")
    .addColumn("subscription_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("endpoint", "varchar(1000)", (c) => c.notNull().unique())
    .addColumn("p256dh", "varchar(200)", (c) => c.notNull())
    .addColumn("auth", "varchar(100)", (c) => c.notNull())
    .addColumn("label", "varchar(200)")
    .addColumn("is_private", "smallint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_sent_at", "bigint")
    .addColumn("last_shown_at", "bigint")
    .addColumn("trouble", "text")
    .execute();
  await db.schema
    .createIndex("push_subscription_ix_user")
    .on("push_subscription")
    .columns(["user_id", "created_at"])
    .execute();
  await db.schema
    .createTable("webhook")
    .addColumn("webhook_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("name", "varchar(100)", (c) => c.notNull().unique())
    .addColumn("url", "varchar(1000)", (c) => c.notNull())
    .addColumn("sealed_secret", "text", (c) => c.notNull())
    .addColumn("team_id", "varchar(100)", (c) => c.references("team.team_id"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("webhook_ix_team").on("webhook").column("team_id").execute();
  await db.schema
    .createTable("oncall_person")
    .addColumn("team_id", "varchar(100)", (c) => c.references("team.team_id").notNull())
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("listed_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("oncall_person_pk", ["team_id", "position"])
    .execute();
  await db.schema
    .createIndex("oncall_person_ix_user")
    .on("oncall_person")
    .column("user_id")
    .execute();
  await db.schema
    .createTable("sealed_secret")
    .addColumn("name", "varchar(60)", (c) => c.primaryKey())
    .addColumn("sealed", "text", (c) => c.notNull())
    .execute();
}
