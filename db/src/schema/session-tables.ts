import type { SessionEnd, StoredSession } from "@batchwatch/engine";

/** A browser's session. Ended ones stay until they would have ended by themselves, so that an old token is known for what it is. */
export interface BrowserSessionTable {
  readonly session_id: string;
  readonly user_id: string;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number;
  readonly label: string;
  readonly method: StoredSession["method"];
  readonly ended_at: number | null;
  readonly end_reason: SessionEnd | null;
}

/** SHA-256, hex, of each refresh token of a session; `place` 1, 2, 3, …. The one that was never replaced is good. */
export interface RefreshHashTable {
  readonly refresh_hash: string;
  readonly session_id: string;
  readonly place: number;
  readonly replaced_at: number | null;
}

export interface PairedDeviceTable {
  readonly device_id: string;
  readonly user_id: string;
  readonly public_key: string;
  readonly label: string;
  readonly paired_at: number;
  readonly last_used_at: number | null;
  readonly good_until: number;
  /** Null: before that was kept. */
  readonly paired_in_session: string | null;
}

/** argon2id in PHC form. */
export interface UserPasswordTable {
  readonly user_id: string;
  readonly password_hash: string;
  readonly set_at: number;
}

/** Whom an identity provider means by a subject; one of each provider for a user. */
export interface UserSubjectTable {
  readonly issuer: string;
  readonly subject: string;
  readonly user_id: string;
  readonly linked_at: number;
}
