import type { Role, StoredToken } from "@batchwatch/engine";

export interface TeamTable {
  readonly team_id: string;
  readonly name: string;
  readonly created_at: number;
}

export interface AppUserTable {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: number;
  /** Null: never. */
  readonly last_sign_in_at: number | null;
  /** Who fetched their sign-in link; null: nobody, or somebody else has vouched for them since. */
  readonly let_in_by: string | null;
}

/** Somebody who was removed, until their name is nowhere any more. */
export interface ErasureTable {
  readonly user_id: string;
  readonly name: string;
  readonly pseudonym: string;
  readonly removed_at: number;
}

export interface AppUserTeamTable {
  readonly user_id: string;
  readonly team_id: string;
}

/** `token_hash` is a SHA-256 in hex; the token itself is never stored. */
export interface AccessTokenTable {
  readonly token_hash: string;
  readonly user_id: string;
  readonly kind: StoredToken["kind"];
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
}

export interface SignInCodeTable {
  readonly code_hash: string;
  readonly user_id: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
}
