/** A browser that agreed to be woken; its endpoint is its identity. */
export interface PushSubscriptionTable {
  readonly subscription_id: string;
  readonly user_id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly label: string | null;
  readonly is_private: number;
  readonly created_at: number;
  readonly last_sent_at: number | null;
  readonly last_shown_at: number | null;
  readonly trouble: string | null;
  /** When its owner agreed to be woken on it, and to which version of the words. */
  readonly consent_at: number | null;
  readonly consent_words: string | null;
  /** Null: by a program's token, or before that was kept. */
  readonly subscribed_in_session: string | null;
  /** IANA zone; null: its browser did not say. */
  readonly zone: string | null;
}

export interface WebhookTable {
  readonly webhook_id: string;
  readonly name: string;
  readonly url: string;
  readonly sealed_secret: string;
  /** Null: incidents of every team. */
  readonly team_id: string | null;
  readonly created_at: number;
}

/** Who is paged for a team; the smallest position first. */
export interface OncallPersonTable {
  readonly team_id: string;
  readonly position: number;
  readonly user_id: string;
  readonly listed_at: number;
}

/** A secret of the service itself, sealed outside the store. */
export interface SealedSecretTable {
  readonly name: string;
  readonly sealed: string;
}
