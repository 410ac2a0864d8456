import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("app_user").addColumn("last_sign_in_at", "bigint").execute();
  await sessionTables(db);
  await db.schema
    .createTable("paired_device")
    .addColumn("device_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("public_key", "varchar(500)", (c) => c.notNull())
    .addColumn("label", "varchar(200)", (c) => c.notNull())
    .addColumn("paired_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .addColumn("good_until", "bigint", (c) => c.notNull())
    .addUniqueConstraint("paired_device_uq_key", ["user_id", "public_key"])
    .execute();
  await db.schema
    .createTable("user_password")
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").primaryKey(),
    )
    .addColumn("password_hash", "varchar(300)", (c) => c.notNull())
    .addColumn("set_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("user_subject")
    .addColumn("issuer", "varchar(500)", (c) => c.notNull())
    .addColumn("subject", "varchar(255)", (c) => c.notNull())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("linked_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("user_subject_pk", ["issuer", "subject"])
    .addUniqueConstraint("user_subject_uq_user", ["user_id", "issuer"])
    .execute();
}

async function sessionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("browser_session")
    .addColumn("session_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) =>
      c.references("app_user.user_id").onDelete("cascade").notNull(),
    )
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("label", "varchar(100)", (c) => c.notNull())
    .addColumn("method", "varchar(20)", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("end_reason", "varchar(20)")
    .execute();
  await db.schema
    .createIndex("browser_session_ix_user")
    .on("browser_session")
    .columns(["user_id", "created_at"])
    .execute();
  await db.schema
    .createTable("refresh_hash")
    .addColumn("refresh_hash", "varchar(64)", (c) => c.primaryKey())
    .addColumn("session_id", "varchar(40)", (c) =>
      c.references("browser_session.session_id").onDelete("cascade").notNull(),
    )
    .addColumn("place", "integer", (c) => c.notNull())
    .addColumn("replaced_at", "bigint")
    .addUniqueConstraint("refresh_hash_uq_place", ["session_id", "place"])
    .execute();
  // What stood here for browsers was a cookie that opened everything; it counts no more.
  const tokens = db as Kysely<{ readonly access_token: { readonly kind: string } }>;
  await tokens.deleteFrom("access_token").where("kind", "=", "session").execute();
}
