import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("team")
    .addColumn("team_id", "varchar(100)", (c) => c.primaryKey())
    .addColumn("name", "varchar(100)", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("app_user")
    .addColumn("user_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("name", "varchar(100)", (c) => c.notNull().unique())
    .addColumn("role", "varchar(40)", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("app_user_team")
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("team_id", "varchar(100)", (c) => c.references("team.team_id").notNull())
    .addPrimaryKeyConstraint("app_user_team_pk", ["user_id", "team_id"])
    .execute();
  await db.schema
    .createIndex("app_user_team_ix_team")
    .on("app_user_team")
    .column("team_id")
    .execute();
  await accessTables(db);
}

async function accessTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("access_token")
    .addColumn("token_hash", "varchar(64)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("kind", "varchar(20)", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .execute();
  await db.schema
    .createIndex("access_token_ix_user")
    .on("access_token")
    .column("user_id")
    .execute();
  await db.schema
    .createTable("sign_in_code")
    .addColumn("code_hash", "varchar(64)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("used_at", "bigint")
    .execute();
  await db.schema
    .createIndex("sign_in_code_ix_user")
    .on("sign_in_code")
    .column("user_id")
    .execute();
}
